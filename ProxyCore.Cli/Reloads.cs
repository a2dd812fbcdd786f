using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ProxyCore.Cli.Signals;
using ProxyCore.Cli.Systemd;
using ProxyCore.Hosting;

namespace ProxyCore.Cli;

/// <summary>Has a configuration file read again when it has changed, and on SIGHUP, from its start to its stop.</summary>
internal sealed class Reloads : IHostedService, IOptionsChangeTokenSource<TcpProxyOptions>, IDisposable
{
    // Polled instead of watched: editors and clusters replace the file, its folder or the link to it, and a poll costs
    // microseconds.
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly ConfigurationFile _file;
    private readonly ILogger _logger;
    private readonly ServiceNotifications _notifications = new();
    private readonly Timer _timer;
    private readonly Func<Task> _applied;
    private CancellationTokenSource _change = new();
    private FileState? _last;

    private Reloads(ConfigurationFile file, Func<Task> applied, ILogger logger)
    {
        _applied = applied;
        _file = file;
        _logger = logger;
        _timer = new Timer(static reloads => ((Reloads)reloads!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => Options.DefaultName;

    /// <summary>Adds the reloads of <paramref name="file"/> to the services.</summary>
    internal static void AddTo(IServiceCollection services, ConfigurationFile file) => services
        .AddSingleton(provider => new Reloads(
            file,
            () => provider.GetRequiredService<ProxyService>().Applied,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger<Reloads>()))
        .AddSingleton<IHostedService>(static provider => provider.GetRequiredService<Reloads>())
        .AddSingleton<IOptionsChangeTokenSource<TcpProxyOptions>>(static provider => provider.GetRequiredService<Reloads>());

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _change).Token);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _last = _file.ReadState;
        _timer.Change(_lookEvery, Timeout.InfiniteTimeSpan);

        // The proxy runs by now: it can obey a signal that came earlier.
        HangupSignal.Handle(() => _ = AskAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // Unchanged since the last look: writing it is complete.
        FileState? now = _file.State;
        if (now is not null && now == _last && now != _file.ReadState)
        {
            _ = AskAsync();
        }

        _last = now;
        try
        {
            _timer.Change(_lookEvery, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // It was stopped in the meantime.
        }
    }

    private async Task AskAsync()
    {
        _logger.Reloading(_file.Name);
        await _notifications.ReloadingAsync();
        try
        {
            await Interlocked.Exchange(ref _change, new CancellationTokenSource()).CancelAsync();
            await _applied();
        }
        finally
        {
            await _notifications.ReadyAsync();
        }
    }
}
