using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ProxyCore.Cli.Systemd;

/// <summary>Notifies systemd that the proxy has started, that it stops, and in between that every loop responds.</summary>
/// <remarks>Started after the proxy, and stopped before it.</remarks>
/// <param name="notifications">Sends the notifications.</param>
/// <param name="findProxy">The proxy, which runs by the time that this starts.</param>
/// <param name="watchdog">How long systemd waits for the next sign of life; null without a watchdog.</param>
/// <param name="timeProvider">The clock of the signs of life.</param>
internal sealed class SystemdService(
    ServiceNotifications notifications, Func<TcpProxy> findProxy, TimeSpan? watchdog, TimeProvider timeProvider)
    : IHostedService, IAsyncDisposable
{
    // systemd's own USEC_INFINITY.
    private const ulong Infinite = ulong.MaxValue;

    // A timer knows no less than a millisecond and no more than 49 days. A sign of life that comes sooner than needed does
    // no harm.
    private const ulong LeastMicroseconds = 2_000;
    private const ulong MostMicroseconds = 86_400_000_000;

    private readonly CancellationTokenSource _ending = new();
    private Task _living = Task.CompletedTask;

    /// <summary>With the watchdog that the environment of this process asks for.</summary>
    internal SystemdService(ServiceNotifications notifications, Func<TcpProxy> findProxy)
        : this(notifications, findProxy, ReadWatchdog(Environment.GetEnvironmentVariable, Environment.ProcessId), TimeProvider.System)
    {
    }

    /// <summary>Adds it to the services, and the sockets that systemd hands over to the proxy's options.</summary>
    /// <exception cref="ListenException">The variables that describe the sockets are invalid.</exception>
    internal static void AddTo(IServiceCollection services)
    {
        IReadOnlyList<SafeSocketHandle> sockets = SocketActivation.Take();
        services
            .Configure<TcpProxyOptions>(options =>
            {
                foreach (SafeSocketHandle socket in sockets)
                {
                    options.InheritedSockets.Add(socket);
                }
            })
            .AddSingleton<IHostedService>(static provider =>
                new SystemdService(new ServiceNotifications(), () => provider.GetRequiredService<TcpProxy>()));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (notifications.IsEnabled)
        {
            await notifications.ReadyAsync();

            // Resolved now: the provider resolves nothing while it is disposed of, and signs of life go on until then.
            _living = watchdog is { } time ? LiveAsync(findProxy(), time / 2) : Task.CompletedTask;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        notifications.IsEnabled ? notifications.StoppingAsync(findProxy().DrainTimeout) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _living;
        _ending.Dispose();
    }

    /// <summary>
    /// How long systemd waits for a sign of life, from 2 ms to a day; null when it does not wait, or for another
    /// process.
    /// </summary>
    internal static TimeSpan? ReadWatchdog(Func<string, string?> variable, int self)
    {
        bool isOther = variable("WATCHDOG_PID") is { } process && process != self.ToString(CultureInfo.InvariantCulture);
        return !isOther
            && ulong.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong time)
            && time is not (0 or Infinite)
                ? TimeSpan.FromMicroseconds((long)Math.Clamp(time, LeastMicroseconds, MostMicroseconds))
                : null;
    }

    /// <summary>Sends a sign of life after every loop has answered. Without one systemd ends the process.</summary>
    private async Task LiveAsync(TcpProxy proxy, TimeSpan every)
    {
        try
        {
            using var timer = new PeriodicTimer(every, timeProvider);
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                await proxy.AnswerAsync().WaitAsync(_ending.Token);
                await notifications.AliveAsync();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The proxy has stopped.
        }
    }
}
