using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace ProxyCore.Cli.Systemd;

/// <summary>Notifies systemd of the state of the service: sd_notify(3). Does nothing where systemd did not start it. Any thread.</summary>
/// <param name="notifier">Sends a notification.</param>
internal sealed class ServiceNotifications(ISystemdNotifier notifier)
{
    // How long the rest of the stop takes once all connections are closed.
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(10);

    /// <summary>To the systemd that started this process, if one did.</summary>
    internal ServiceNotifications()
        : this(new SystemdNotifier())
    {
    }

    /// <summary>Whether systemd expects notifications.</summary>
    internal bool IsEnabled => notifier.IsEnabled;

    /// <summary>The proxy serves clients.</summary>
    internal void Ready() => Send("READY=1", "STATUS=Relaying");

    /// <summary>The configuration is being read again, until the result is disposed of.</summary>
    internal IDisposable Reload()
    {
        // Type=notify-reload needs the time of the monotonic clock, which Stopwatch reads on Linux.
        long now = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Send("RELOADING=1", Microseconds("MONOTONIC_USEC", now), "STATUS=Reading the configuration again");
        return new Reloading(this);
    }

    /// <summary>The proxy stops, and open connections may take up to <paramref name="drainTimeout"/>.</summary>
    internal void Stopping(TimeSpan drainTimeout) => Send(
        "STOPPING=1",
        Microseconds("EXTEND_TIMEOUT_USEC", (long)(drainTimeout + _end).TotalMicroseconds),
        "STATUS=Letting open connections finish");

    /// <summary>Every loop responds.</summary>
    internal void Alive() => Send("WATCHDOG=1");

    private static string Microseconds(string name, long value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private void Send(params string[] assignments)
    {
        try
        {
            notifier.Notify(new ServiceState(string.Join('\n', assignments)));
        }
        catch (SocketException)
        {
            // Relaying goes on without a systemd that listens.
        }
    }

    private sealed class Reloading(ServiceNotifications notifications) : IDisposable
    {
        public void Dispose() => notifications.Ready();
    }
}
