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
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _changes = [];
    private bool _willApply;

    public ProxyService(IServiceProvider services, IOptionsFactory<TcpProxyOptions> options, ILoggerFactory loggerFactory)
    {
        _services = services;
        _options = options;
        _logger = loggerFactory.CreateLogger("ProxyCore");
    }

    /// <summary>The proxy, once it was started. Any thread.</summary>
    internal TcpProxy? Proxy { get; private set; }

    /// <summary>Completes when all changes so far have been applied, or found wrong. Any thread.</summary>
    internal Task Applied { get; private set; } = Task.CompletedTask;

    /// <summary>The proxy, for whoever asks the container for it.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it.</exception>
    internal TcpProxy RequireProxy() =>
        Proxy ?? throw new InvalidOperationException("The proxy is there when the host has started; it has not.");

    /// <exception cref="OptionsValidationException">The options have errors.</exception>
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
            _changes.Add(ChangeToken.OnChange(source.GetChangeToken, () => AskToApply(proxy)));
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

    /// <summary>One change that waits is enough: it will read the options as they are then.</summary>
    private void AskToApply(TcpProxy proxy)
    {
        lock (_gate)
        {
            if (!_willApply)
            {
                _willApply = true;
                Applied = ApplyAfterAsync(Applied, proxy);
            }
        }
    }

    private async Task ApplyAfterAsync(Task before, TcpProxy proxy)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _willApply = false;
        }

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
        catch (Exception) when (proxy.State is ProxyState.Draining or ProxyState.Stopped)
        {
            Tell(["the proxy is being stopped"]);
        }
        catch (Exception exception)
        {
            Tell([exception.Message]);
        }
    }

    private void Tell(IEnumerable<string> errors)
    {
        foreach (string mistake in errors)
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
