using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace ProxyCore.Cli.Systemd;

/// <summary>Notifies systemd of the state of the service: sd_notify(3). Does nothing where systemd did not start it. Any thread.</summary>
/// <remarks>
/// A notification waits while the queue of the receiver is full, on Linux some ten messages. It is sent on a thread of the pool,
/// and a caller that waits for it does so for a second: a receiver that reads nothing holds up neither start nor stop.
/// </remarks>
/// <param name="notifier">Sends a notification.</param>
/// <param name="timeProvider">The clock of the wait.</param>
internal sealed class ServiceNotifications(ISystemdNotifier notifier, TimeProvider timeProvider)
{
    // How long the rest of the stop takes once all connections are closed.
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(1);

    private const int MostUnsent = 16;

    private readonly Lock _gate = new();
    private Task _sent = Task.CompletedTask;
    private int _unsent;

    /// <summary>To the systemd that started this process, if one did.</summary>
    internal ServiceNotifications()
        : this(new SystemdNotifier(), TimeProvider.System)
    {
    }

    /// <summary>Whether systemd expects notifications.</summary>
    internal bool IsEnabled => notifier.IsEnabled;

    /// <summary>The proxy serves clients.</summary>
    internal Task ReadyAsync() => SendAsync("READY=1", "STATUS=Relaying");

    /// <summary>The configuration is being read again, until the next <see cref="ReadyAsync"/>.</summary>
    internal Task ReloadingAsync()
    {
        // Type=notify-reload needs the time of the monotonic clock, which Stopwatch reads on Linux.
        long now = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        return SendAsync("RELOADING=1", Microseconds("MONOTONIC_USEC", now), "STATUS=Reading the configuration again");
    }

    /// <summary>The proxy stops, and open connections may take up to <paramref name="drainTimeout"/>.</summary>
    internal Task StoppingAsync(TimeSpan drainTimeout) => SendAsync(
        "STOPPING=1",
        Microseconds("EXTEND_TIMEOUT_USEC", (long)(drainTimeout + _end).TotalMicroseconds),
        "STATUS=Letting open connections finish");

    /// <summary>Every loop responds.</summary>
    internal Task AliveAsync() => SendAsync("WATCHDOG=1");

    private static string Microseconds(string name, long value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    /// <summary>Sends it behind those before it; completes when it is sent, or after a second. Where too many wait it is dropped.</summary>
    private async Task SendAsync(params string[] assignments)
    {
        Task sent;
        lock (_gate)
        {
            if (!IsEnabled || _unsent == MostUnsent)
            {
                return;
            }

            _unsent++;
            sent = _sent = SendAfterAsync(_sent, string.Join('\n', assignments));
        }

        await sent.WaitAsync(_longestWait, timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SendAfterAsync(Task before, string state)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            notifier.Notify(new ServiceState(state));
        }
        catch (SocketException)
        {
            // Relaying goes on without a systemd that listens.
        }
        finally
        {
            Interlocked.Decrement(ref _unsent);
        }
    }
}
