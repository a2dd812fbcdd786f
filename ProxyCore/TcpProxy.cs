using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Running;
using ProxyCore.Connections.Sockets;
using ProxyCore.Connections.Statistics;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore;

/// <summary>A TCP proxy: accepts clients on its routes and relays each to the route's upstream.</summary>
/// <remarks>
/// <code>
/// await using TcpProxy proxy = await TcpProxy.StartNewAsync("localhost:8080", "localhost:3000");
/// Console.WriteLine($"listening on {proxy.Endpoints[0]}");
/// await proxy.Completion;
/// </code>
/// It starts once and stops once. Every member may be called from any thread. The relaying itself runs on background
/// threads of its own, one for each of the <see cref="TcpProxyOptions.Loops"/>, without the execution context of the
/// thread that starts it: user's code sees no <see cref="AsyncLocal{T}"/>, log scope or culture of the caller there.
/// </remarks>
[DebuggerDisplay("{State}, {Endpoints.Count} endpoints")]
public sealed partial class TcpProxy : IAsyncDisposable, IDisposable
{
    // The access log may take five seconds to write what is queued.
    private static readonly TimeSpan _longestDispose = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _applying = new(1);
    private readonly ProxyServices _services;
    private readonly ProxyLife _life;
    private CheckedOptions _current;

    /// <summary>Makes a proxy; nothing is bound before <see cref="StartAsync"/>.</summary>
    /// <param name="options">What it does. Read here, once: later changes of the object have no effect.</param>
    /// <param name="loggerFactory">Where it logs, as category <c>ProxyCore</c>; null logs nothing.</param>
    /// <param name="timeProvider">The clock of all timeouts; null is the system's.</param>
    /// <param name="meterFactory">Makes the meter <c>ProxyCore</c> of its figures; null makes it without one.</param>
    /// <param name="name">
    /// Tells several proxies of a process apart: see <see cref="Name"/>. Null for one that needs no name.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The options have errors; the message has a line for each.</exception>
    public TcpProxy(
        TcpProxyOptions options,
        ILoggerFactory? loggerFactory = null,
        TimeProvider? timeProvider = null,
        IMeterFactory? meterFactory = null,
        string? name = null)
        : this(OptionsReader.Read(options), ProxyServices.Create(loggerFactory, timeProvider, meterFactory, name))
    {
    }

    internal TcpProxy(CheckedOptions options, ProxyServices services)
    {
        _current = options;
        _services = services;
        _life = new ProxyLife(services);
    }

    /// <summary>The shards, none before the start. Their contents belong to their loops.</summary>
    internal IReadOnlyList<Shard> Shards => Running?.Shards.Shards ?? [];

    /// <summary>
    /// The addresses that it is bound to, in the order of the options: <c>localhost</c> gives two. Empty before
    /// <see cref="StartAsync"/>; kept after the stop; new after <see cref="ApplyAsync"/>.
    /// </summary>
    public IReadOnlyList<EndPoint> Endpoints => Running?.Endpoints ?? [];

    /// <summary>
    /// Its name: the tag <c>proxycore.proxy</c> of its metrics, and the end of its log categories (<c>ProxyCore[name]</c>,
    /// <c>ProxyCore.Access[name]</c>). Null when it has none.
    /// </summary>
    public string? Name => _services.Name;

    /// <summary>The state that it is in.</summary>
    public ProxyState State => _life.State;

    /// <summary>Completes when the proxy has stopped and holds nothing any more; fails when a loop failed, which stops the proxy.</summary>
    public Task Completion => _life.Completion;

    /// <summary>Starts a proxy with one route and default options.</summary>
    /// <param name="listen">Where to listen, as in <see cref="RouteOptions.Listen"/>.</param>
    /// <param name="upstream">Where connections go, as in <see cref="UpstreamOptions.Address"/>.</param>
    /// <param name="loggerFactory">Where it logs; null logs nothing.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The proxy, listening.</returns>
    /// <exception cref="ArgumentNullException">One of the endpoints is null.</exception>
    /// <exception cref="ArgumentException">An endpoint is not valid; the message says what is wrong with it.</exception>
    /// <exception cref="ListenException">It can't listen there; the message says why.</exception>
    public static async Task<TcpProxy> StartNewAsync(
        string listen, string upstream, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(upstream);
        var options = new TcpProxyOptions
        {
            Routes = { new RouteOptions { Listen = { listen }, Upstreams = { new UpstreamOptions { Address = upstream } } } },
        };
        var proxy = new TcpProxy(options, loggerFactory);
        await proxy.StartAsync(cancellationToken).ConfigureAwait(false);
        return proxy;
    }

    /// <summary>Binds every listener and starts the loops; completes when clients are accepted.</summary>
    /// <param name="cancellationToken">Gives up before anything is bound.</param>
    /// <exception cref="ListenException">A listener can't be bound. None stays open, and it may be tried again.</exception>
    /// <exception cref="IOException">The access log can't be written to. The same holds.</exception>
    /// <exception cref="InvalidOperationException">It was started or stopped before.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RouteSetChange start = ContextFree.Run(() => _life.Bind(Settings));
        await Running!.Shards.StartAsync(start).ConfigureAwait(false);
    }

    /// <summary>
    /// Changes what a running proxy does. Connections live on under the options that they began with, and are served while thousands of
    /// routes change: until this completes, a client may come to a route as it was before. Endpoints that stay keep their sockets, so that no client is refused; those that are gone are closed
    /// when the clients that had connected there already are accepted. A route is the same as before when it has the same
    /// name; an upstream of it, when it has the same address: it keeps its health and its connections.
    /// </summary>
    /// <param name="options">
    /// The new options, as a whole: to change one of them, change it in what <see cref="GetOptions"/> returns. <see cref="TcpProxyOptions.Loops"/>, <see cref="TcpProxyOptions.BufferSize"/> and
    /// <see cref="TcpProxyOptions.ParkIdleSockets"/> must be as before.
    /// </param>
    /// <param name="cancellationToken">Gives up while another change is under way.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The options have errors; the message has a line for each. Nothing has changed.</exception>
    /// <exception cref="ListenException">A new endpoint can't be listened on. Nothing has changed.</exception>
    /// <exception cref="IOException">A new access log can't be written to. Nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public async Task ApplyAsync(TcpProxyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        await ChangeToAsync(OptionsReader.Read(options, Settings), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same as <see cref="ApplyAsync"/>, with options that are checked already.</summary>
    /// <exception cref="ArgumentException">A running proxy can't take them. Nothing has changed.</exception>
    internal Task ApplyCheckedAsync(CheckedOptions options)
    {
        OptionsReader.RequireFixedAsIn(Settings, options.Settings);
        return ChangeToAsync(options, CancellationToken.None);
    }

    private async Task ChangeToAsync(CheckedOptions options, CancellationToken cancellationToken)
    {
        await _applying.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ProxyRuntime run = _life.RequireRunning();
            ProxySettings settings = options.Settings with { InheritedSockets = Settings.InheritedSockets };
            await run.ApplyAsync(settings).ConfigureAwait(false);
            _current = new CheckedOptions(options.Options, settings);
            if (Volatile.Read(ref _link) is { } link)
            {
                await link.FollowOptionsAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>
    /// Stops accepting, lets connections finish for up to <see cref="TcpProxyOptions.DrainTimeout"/>, cuts those that
    /// are left, and completes when everything is released. Calling it again waits for the same end.
    /// </summary>
    /// <param name="cancellationToken">Ends the drain: what is left is cut at once. The stop itself goes on.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_life.BeginEnd() is { } shards)
        {
            shards.BeginDrain();
            await using (cancellationToken.UnsafeRegister(Cut, shards).ConfigureAwait(false))
            {
                await Completion.ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// The options that it has now, in objects of their own, which may be changed and given to <see cref="ApplyAsync"/>.
    /// Observers, policies and inherited sockets are those that were given.
    /// </summary>
    public TcpProxyOptions GetOptions() => _current.Options.Copy();

    /// <summary>What it has done so far. A few dozen reads for each loop; the loops are not disturbed.</summary>
    public TcpProxyStatistics GetStatistics() => Running?.Statistics ?? new TrafficSum().ToStatistics();

    /// <summary>
    /// A snapshot of what the proxy does now, in every state. The loops choose the connections in it, some at a time, which
    /// costs them some 0.1 µs for each one that they have.
    /// </summary>
    /// <param name="mostConnections">
    /// How many connections the snapshot has at most: half of them the busiest, the others those that are open longest. With 0
    /// the loops are not asked.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostConnections"/> is negative.</exception>
    public async Task<ProxySnapshot> GetSnapshotAsync(int mostConnections = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostConnections);
        ProxyRuntime? run = Running;
        IReadOnlyList<ConnectionSnapshot> connections = run is null || mostConnections == 0
            ? []
            : await run.Shards.TakeConnectionsAsync(mostConnections).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new ProxySnapshot
        {
            Time = _services.TimeProvider.GetUtcNow(),
            State = State,
            Uptime = run?.Uptime ?? TimeSpan.Zero,
            MaxConnections = run?.Shards.MaxConnections ?? DescriptorLimit.MaxConnections(Settings),
            Statistics = GetStatistics(),
            Routes = run?.Shards.TakeRoutes() ?? [],
            Loops = run?.Shards.TakeLoops() ?? [],
            Connections = connections,
            Certificates = run?.Shards.Tls.Certificates ?? [],
            Denied = GetDenied(),
            SharedState = Volatile.Read(ref _link)?.Status,
        };
    }

    /// <summary>
    /// Ends a connection at once, with a reset for both sides; it has ended when this completes, with
    /// <see cref="EndReason.Operator"/>.
    /// </summary>
    /// <param name="id">The connection: see <see cref="ConnectionReport.Id"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; it may end all the same.</param>
    /// <returns>Whether there was a connection with this id.</returns>
    public Task<bool> EndConnectionAsync(long id, CancellationToken cancellationToken = default) =>
        Running?.Shards.TryCutAsync(id, EndReason.Operator).WaitAsync(cancellationToken) ?? Task.FromResult(false);

    /// <summary>The routes whose clients would be closed at once now, for want of an upstream; null when it does not run.</summary>
    internal async Task<IReadOnlyList<string>?> FindRoutesWithoutUpstreamAsync()
    {
        ProxyRuntime? running = State == ProxyState.Running ? Running : null;
        return running is null ? null : await running.Shards.FindRoutesWithoutUpstreamAsync().ConfigureAwait(false);
    }

    /// <summary>How long a stop lets connections finish, as it is now.</summary>
    internal TimeSpan DrainTimeout => Settings.DrainTimeout;

    /// <summary>Completes when every loop has done a piece of work, or has ended: none of them hangs.</summary>
    internal Task AnswerAsync() => Running?.Shards.AnswerAsync() ?? Task.CompletedTask;

    /// <summary>
    /// Stops at once: open connections are cut. To let them finish, call <see cref="StopAsync"/> first. Its meter ends too:
    /// until then listeners can read the last figures.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _life.BeginEnd()?.BeginCut(EndReason.Shutdown);

        // A loop that failed has told so through Completion; disposing has nothing to add.
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Running?.CloseMeter();
    }

    /// <summary>
    /// Stops at once as <see cref="DisposeAsync"/> does, and waits for the end, for up to 10 s: then the end goes on in the
    /// background. It blocks the caller's thread: prefer <see cref="DisposeAsync"/>.
    /// </summary>
    public void Dispose()
    {
        _life.BeginEnd()?.BeginCut(EndReason.Shutdown);

        // A loop that failed has told so through Completion; disposing has nothing to add.
#pragma warning disable RS0030 // The caller of a synchronous dispose asks to be blocked; it is no loop.
        _ = Task.WhenAny(Completion).Wait(_longestDispose);
#pragma warning restore RS0030
        Running?.CloseMeter();
    }

    private ProxyRuntime? Running => _life.Run;

    private ProxySettings Settings => _current.Settings;

    private static void Cut(object? shards) => ((ShardGroup)shards!).BeginCut(EndReason.Shutdown);
}
