using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Diagnostics;

namespace ProxyCore.Hosting;

/// <summary>The proxy of a host: starts and stops with it, and changes with its options.</summary>
/// <remarks>
/// It asks for options itself when a source of them has changed, instead of by <c>IOptionsMonitor</c>: that throws what
/// is wrong with them at whoever changed the source, which for a file is a thread of the pool, and the end of the process.
/// </remarks>
internal sealed class ProxyService : IHostedService, IAsyncDisposable
{
    private readonly IServiceProvider _services;
    private readonly IOptionsFactory<TcpProxyOptions> _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _applying = new(1);
    private readonly List<IDisposable> _changes = [];
    private int _willApply;

    public ProxyService(IServiceProvider services, IOptionsFactory<TcpProxyOptions> options, ILoggerFactory loggerFactory)
    {
        _services = services;
        _options = options;
        _logger = loggerFactory.CreateLogger("ProxyCore");
    }

    /// <summary>The proxy, once it was started. Any thread.</summary>
    internal TcpProxy? Proxy { get; private set; }

    /// <summary>The proxy, for whoever asks the container for it.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it.</exception>
    internal TcpProxy RequireProxy() =>
        Proxy ?? throw new InvalidOperationException("The proxy is there when the host has started; it has not.");

    /// <exception cref="OptionsValidationException">The options have mistakes.</exception>
    /// <exception cref="ListenException">It can't listen on an endpoint.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var proxy = new TcpProxy(
            _options.Create(Options.DefaultName),
            _services.GetRequiredService<ILoggerFactory>(),
            _services.GetService<TimeProvider>(),
            _services.GetService<IMeterFactory>());
        await proxy.StartAsync(cancellationToken).ConfigureAwait(false);
        Proxy = proxy;
        _ = StopHostWhenItFailsAsync(proxy);
        foreach (IOptionsChangeTokenSource<TcpProxyOptions> source in _services.GetServices<IOptionsChangeTokenSource<TcpProxyOptions>>())
        {
            _changes.Add(ChangeToken.OnChange(source.GetChangeToken, () => _ = ApplyAsync(proxy)));
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _changes.ForEach(static change => change.Dispose());
        if (Proxy is { } proxy)
        {
            await proxy.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _changes.ForEach(static change => change.Dispose());
        if (Proxy is { } proxy)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(TcpProxy proxy)
    {
        // One that waits is enough: it will read the options as they are then.
        if (Interlocked.Exchange(ref _willApply, 1) != 0)
        {
            return;
        }

        await _applying.WaitAsync().ConfigureAwait(false);
        _willApply = 0;
        try
        {
            await proxy.ApplyAsync(_options.Create(Options.DefaultName)).ConfigureAwait(false);
        }
        catch (OptionsValidationException exception)
        {
            Tell(exception.Failures);
        }
        catch (ArgumentException exception)
        {
            Tell(exception.Message.Split(Environment.NewLine));
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException)
        {
            // It has been stopped: the change comes too late.
        }
        catch (Exception exception)
        {
            Tell([exception.Message]);
        }
        finally
        {
            _applying.Release();
        }
    }

    private void Tell(IEnumerable<string> mistakes)
    {
        foreach (string mistake in mistakes)
        {
            _logger.NotApplied(mistake);
        }
    }

    /// <summary>A host whose proxy has failed would go on without serving anybody.</summary>
    private async Task StopHostWhenItFailsAsync(TcpProxy proxy)
    {
        await proxy.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (proxy.Completion.IsFaulted)
        {
            _services.GetService<IHostApplicationLifetime>()?.StopApplication();
        }
    }
}
