using System.IO.Hashing;
using System.Net;
using System.Text;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>
/// A proxy of the API: a <see cref="TcpProxy"/> while it is enabled, and its toxics, which stay when it is disabled. Changes
/// come one after the other; who reads never waits. Any thread.
/// </summary>
internal sealed class ProxyEntry(string name, string listen, string upstream, ToxiproxyServices services) : IAsyncDisposable
{
    private const int MostToxics = 256;

    // The connect of toxiproxy has the system's limit, some two minutes.
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromMinutes(2);

    // No call takes longer than toxiproxy's handlers may.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _longestStep = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile ProxyView _view = new(name, listen, upstream, Enabled: false, []);
    private TcpProxy? _running;
    private volatile bool _isClosed;

    internal ProxyView View => _view;

    /// <exception cref="ApiException">There are too many.</exception>
    internal static void RequireRoom(int toxics)
    {
        if (toxics > MostToxics)
        {
            throw ApiException.Failed($"a proxy has at most {MostToxics} toxics");
        }
    }

    /// <summary>Gives it its first toxics, and starts it unless it is to be disabled.</summary>
    /// <exception cref="ApiException">It can't listen there.</exception>
    internal Task<ProxyView> BeginAsync(IEnumerable<ToxicEntry> toxics, bool isEnabled) => ChangeAsync(async () =>
    {
        _view = _view with { Toxics = [.. toxics] };
        if (isEnabled)
        {
            await StartAsync();
        }
    });

    /// <summary>Whether what a client asks for is another proxy than this one.</summary>
    /// <exception cref="ApiException">The address can't be read.</exception>
    internal static async Task<bool> DiffersAsync(ProxyView view, string listen, string upstream) =>
        (await ResolveAsync(listen)).ToString() != view.Listen || upstream != view.Upstream;

    /// <exception cref="ApiException">The address can't be read, and nothing has changed; or it can't listen there, and is disabled.</exception>
    internal Task<ProxyView> UpdateAsync(ProxyInput input)
    {
        if (input.Upstream is not null)
        {
            _ = GoAddress.ToUpstream(input.Upstream);
        }

        return ChangeAsync(async () =>
        {
            string newListen = input.Listen ?? _view.Listen;
            string newUpstream = input.Upstream ?? _view.Upstream;
            bool isEnabled = input.Enabled ?? _view.Enabled;
            if (await DiffersAsync(_view, newListen, newUpstream))
            {
                await StopAsync();
                _view = _view with { Listen = newListen, Upstream = newUpstream };
            }

            if (isEnabled != _view.Enabled)
            {
                await (isEnabled ? StartAsync() : StopAsync());
            }
        });
    }

    /// <summary>Starts it if it is disabled, and removes all its toxics.</summary>
    /// <exception cref="ApiException">It can't listen there.</exception>
    internal Task ResetAsync() => ChangeAsync(async () =>
    {
        if (!_view.Enabled)
        {
            await StartAsync();
        }

        foreach (ActiveToxic toxic in _running?.GetToxics() ?? [])
        {
            await toxic.RemoveAsync().WaitAsync(_longestStep);
        }

        _view = _view with { Toxics = [] };
    });

    /// <param name="read">Reads the toxic; knows whether a name is taken.</param>
    /// <exception cref="ApiException">It can't be added.</exception>
    internal async Task<ToxicEntry> AddToxicAsync(Func<Func<string, bool>, ToxicEntry> read)
    {
        ToxicEntry toxic = null!;
        await ChangeAsync(async () =>
        {
            toxic = read(name => _view.Find(name) is not null);
            RequireRoom(_view.Toxics.Length + 1);
            await ApplyAsync(() => _running?.AddToxicAsync(toxic.ToToxic()), _view with { Toxics = _view.Toxics.Add(toxic) });
        });
        return toxic;
    }

    /// <exception cref="ApiException">There is none, or the change has an error.</exception>
    internal async Task<ToxicEntry> UpdateToxicAsync(string name, Func<ToxicEntry, ToxicEntry> change)
    {
        ToxicEntry toxic = null!;
        await ChangeAsync(async () =>
        {
            toxic = change(_view.Find(name) ?? throw ApiException.NoToxic());
            await ApplyAsync(() => FindActive(name)?.UpdateAsync(toxic.ToToxic()), _view.Replace(toxic));
        });
        return toxic;
    }

    /// <exception cref="ApiException">There is none.</exception>
    internal Task RemoveToxicAsync(string name) => ChangeAsync(async () =>
    {
        _ = _view.Find(name) ?? throw ApiException.NoToxic();
        await ApplyAsync(() => FindActive(name)?.RemoveAsync(), _view.Without(name));
    });

    /// <summary>Stops it; it is replaced by another one if that starts.</summary>
    internal Task DisableAsync() => ChangeAsync(StopAsync);

    /// <summary>Stops it for good: changes that wait find no proxy.</summary>
    /// <exception cref="ApiException">It takes too long.</exception>
    public async ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            await ChangeAsync(async () =>
            {
                _isClosed = true;
                await StopAsync();
            });
        }
    }

    private static async Task<ListenAddress> ResolveAsync(string listen)
    {
        try
        {
            return await GoAddress.ResolveAsync(listen, CancellationToken.None);
        }
        catch (FormatException exception)
        {
            throw ApiException.Failed(exception.Message);
        }
    }

    /// <summary>Changes the toxics of the running proxy; nothing is to be changed when it is disabled.</summary>
    /// <exception cref="ApiException">The library refuses it: nothing has changed.</exception>
    private async Task ApplyAsync(Func<Task?> change, ProxyView changed)
    {
        try
        {
            Task changing = change() ?? Task.CompletedTask;
            await Task.WhenAny(changing, Task.Delay(_longestStep));
            if (changing.IsFaulted)
            {
                await changing;
            }

            // Also when a loop takes long: the change is under way, and goes on.
            _view = changed;
        }
        catch (ArgumentException exception)
        {
            throw ApiException.BadAttribute(exception.Message.ReplaceLineEndings("; "));
        }
    }

    private async Task<ProxyView> ChangeAsync(Func<Task> change)
    {
        if (!await _gate.WaitAsync(_longestWait))
        {
            throw ApiException.Busy();
        }

        try
        {
            if (_isClosed)
            {
                throw ApiException.NoProxy();
            }

            await change();
            return _view;
        }
        catch (TimeoutException)
        {
            throw ApiException.Busy();
        }
        finally
        {
            _gate.Release();
        }
    }

    private ActiveToxic? FindActive(string name) => _running?.GetToxics().FirstOrDefault(toxic => toxic.Name == name);

    private async Task StartAsync()
    {
        ListenAddress address;
        try
        {
            address = await ResolveAsync(_view.Listen);
        }
        catch (ApiException exception)
        {
            throw ApiException.Failed($"listen tcp: {exception.Message}");
        }

        var proxy = new TcpProxy(Options(address), services.LoggerFactory);
        try
        {
            await proxy.StartAsync();
        }
        catch (Exception exception)
        {
            await proxy.DisposeAsync();
            throw exception is ListenException refused ? ApiException.Failed(address.Describe(refused)) : exception;
        }

        _running = proxy;
        _view = _view with { Listen = ((IPEndPoint)proxy.Endpoints[0]).ToString(), Enabled = true };
        services.Traffic?.Add(proxy, _view);
        services.Logger.ProxyStarted(_view.Name, _view.Listen, _view.Upstream);
    }

    private async Task StopAsync()
    {
        if (_running is not { } proxy)
        {
            return;
        }

        _running = null;
        _view = _view with { Enabled = false };
        await proxy.DisposeAsync().AsTask().WaitAsync(_longestStep);
        services.Traffic?.End(proxy);
        services.Logger.ProxyStopped(_view.Name);
    }

    private TcpProxyOptions Options(ListenAddress address)
    {
        var route = new RouteOptions
        {
            Listen = { address.ToOptions() },
            Upstreams = { new UpstreamOptions { Address = GoAddress.ToUpstream(_view.Upstream) } },
            ConnectAttempts = 1,
            ConnectTimeout = _connectTimeout,
            IdleTimeout = OptionLimits.Longest,
            HalfCloseTimeout = OptionLimits.Longest,
        };
        foreach (ToxicEntry toxic in _view.Toxics)
        {
            // From the start, so that no client comes before them.
            route.Toxics.Add(toxic.ToToxic());
        }

        return new TcpProxyOptions { Routes = { route }, ToxicSeed = Seed() };
    }

    /// <summary>Another one for each proxy, or toxics of one name would draw the same on all of them.</summary>
    private long? Seed() => services.Seed is { } seed
        ? unchecked((long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(_view.Name), seed))
        : null;
}
