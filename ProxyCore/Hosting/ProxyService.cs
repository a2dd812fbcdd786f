using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Connections;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>A proxy of a host: starts and stops with it, and changes with its options.</summary>
/// <remarks>
/// It asks for options itself when a source of them has changed, instead of by <c>IOptionsMonitor</c>: that throws
/// validation errors into the thread that reports the change, which for a file is a pool thread, and ends the process.
/// </remarks>
internal sealed class ProxyService : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly IServiceProvider _services;
    private readonly OptionsCheck _check;
    private readonly ILogger _logger;
    private readonly Lazy<TcpProxy> _proxy;
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _changes = [];
    private readonly ApplyRetry _retry;
    private bool _isStarted;
    private bool _changedBeforeStart;
    private bool _willApply;

    /// <param name="services">The services of the host.</param>
    /// <param name="name">The name of the proxy; null when it has none.</param>
    /// <param name="check">Has checked all options that the host creates for it.</param>
    internal ProxyService(IServiceProvider services, string? name, OptionsCheck check)
    {
        _services = services;
        _check = check;
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategories.Of(name));
        _proxy = new Lazy<TcpProxy>(() => Create(name));
        _retry = new ApplyRetry(services.GetService<TimeProvider>() ?? TimeProvider.System, AskToApply);
    }

    /// <summary>The proxy, once it is made: when the container is asked for it, at the latest at the start. Any thread.</summary>
    internal TcpProxy? Proxy => _proxy.IsValueCreated ? _proxy.Value : null;

    /// <summary>Completes when all changes so far have been applied, or found wrong. Any thread.</summary>
    internal Task Applied { get; private set; } = Task.CompletedTask;

    /// <summary>The proxy, made the first time. Any thread.</summary>
    /// <exception cref="OptionsValidationException">The options have errors.</exception>
    internal TcpProxy GetProxy() => _proxy.Value;

    /// <exception cref="OptionsValidationException">The options have errors.</exception>
    /// <exception cref="ListenException">It can't listen on an endpoint.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        TcpProxy proxy = GetProxy();
        await proxy.StartAsync(cancellationToken).ConfigureAwait(false);
        _ = StopHostWhenItFailsAsync(proxy);
        bool hasChanged;
        lock (_gate)
        {
            _isStarted = true;
            hasChanged = _changedBeforeStart;
        }

        if (hasChanged)
        {
            AskToApply();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        EndChanges();
        if (Proxy is { } proxy)
        {
            await proxy.StopAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        EndChanges();
        if (Proxy is { } proxy)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        EndChanges();
        Proxy?.Dispose();
    }

    private TcpProxy Create(string? name)
    {
        // Before the options are read: a change between the two is applied after the start.
        foreach (IOptionsChangeTokenSource<TcpProxyOptions> source in _services.GetServices<IOptionsChangeTokenSource<TcpProxyOptions>>())
        {
            if ((source.Name ?? Options.DefaultName) == _check.Name)
            {
                _changes.Add(ChangeToken.OnChange(source.GetChangeToken, AskToApply));
            }
        }

        return new TcpProxy(CreateOptions(), ProxyServices.Create(
            _services.GetRequiredService<ILoggerFactory>(),
            _services.GetService<TimeProvider>(),
            _services.GetService<IMeterFactory>(),
            name));
    }

    private CheckedOptions CreateOptions() =>
        _check.ResultOf(_services.GetRequiredService<IOptionsFactory<TcpProxyOptions>>().Create(_check.Name));

    private void EndChanges()
    {
        _changes.ForEach(static change => change.Dispose());
        _retry.Dispose();
    }

    /// <summary>One waiting change is enough: it reads the options as they are when it runs.</summary>
    private void AskToApply()
    {
        lock (_gate)
        {
            _changedBeforeStart |= !_isStarted;
            if (_isStarted && !_willApply)
            {
                _willApply = true;
                Applied = ApplyAfterAsync(Applied, GetProxy());
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

        _retry.Cancel();
        try
        {
            CheckedOptions options = CreateOptions();
            TcpProxyOptions was = proxy.GetOptions();
            await proxy.ApplyCheckedAsync(options).ConfigureAwait(false);
            _retry.Reset();
            ReloadReport.Log(_logger, was, options.Options);
        }
        catch (ListenException exception) when (exception.SocketError == SocketError.AddressAlreadyInUse)
        {
            // The other process may be about to end, as at a restart.
            LogErrors([exception.Message]);
            _logger.AppliesAgain(exception.Endpoint, _retry.Plan().TotalSeconds);
        }
        catch (OptionsValidationException exception)
        {
            LogErrors(exception.Failures);
        }
        catch (ArgumentException exception)
        {
            LogErrors(exception.Message.Split(Environment.NewLine));
        }
        catch (Exception) when (proxy.State is ProxyState.Draining or ProxyState.Stopped)
        {
            LogErrors(["the proxy is being stopped"]);
        }
        catch (Exception exception)
        {
            LogErrors([exception.Message]);
        }
    }

    private void LogErrors(IEnumerable<string> errors)
    {
        foreach (string mistake in errors)
        {
            _logger.NotApplied(mistake);
        }
    }

    /// <summary>Without this, a host whose proxy has failed would go on and serve no client.</summary>
    private async Task StopHostWhenItFailsAsync(TcpProxy proxy)
    {
        await proxy.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (proxy.Completion.IsFaulted)
        {
            _services.GetService<IHostApplicationLifetime>()?.StopApplication();
        }
    }
}
