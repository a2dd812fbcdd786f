using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace ProxyCore.Cli.Systemd;

/// <summary>What the command tells systemd of its life: sd_notify(3). Does nothing where systemd did not start it. Any thread.</summary>
/// <param name="notifier">Who tells it.</param>
internal sealed class ServiceNotifications(ISystemdNotifier notifier)
{
    // What is left to do once all connections are closed.
    private static readonly TimeSpan _end = TimeSpan.FromSeconds(10);

    /// <summary>To the systemd that started this process, if one did.</summary>
    internal ServiceNotifications()
        : this(new SystemdNotifier())
    {
    }

    /// <summary>Whether systemd wants to be told.</summary>
    internal bool IsEnabled => notifier.IsEnabled;

    /// <summary>It serves clients.</summary>
    internal void Ready() => Tell("READY=1", "STATUS=Relaying");

    /// <summary>It reads its configuration again, until what is returned is disposed of.</summary>
    internal IDisposable Reload()
    {
        // Asked for by Type=notify-reload: by the monotonic clock of Linux, which is what Stopwatch reads.
        long now = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Tell("RELOADING=1", Microseconds("MONOTONIC_USEC", now), "STATUS=Reading the configuration again");
        return new Reloading(this);
    }

    /// <summary>It ends, and open connections may take as long as <paramref name="drainTimeout"/> says.</summary>
    internal void Stopping(TimeSpan drainTimeout) => Tell(
        "STOPPING=1",
        Microseconds("EXTEND_TIMEOUT_USEC", (long)(drainTimeout + _end).TotalMicroseconds),
        "STATUS=Letting open connections finish");

    /// <summary>It does not hang.</summary>
    internal void Alive() => Tell("WATCHDOG=1");

    private static string Microseconds(string name, long value) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private void Tell(params string[] assignments)
    {
        try
        {
            notifier.Notify(new ServiceState(string.Join('\n', assignments)));
        }
        catch (SocketException)
        {
            // A systemd that does not listen is no reason to stop relaying.
        }
    }

    private sealed class Reloading(ServiceNotifications notifications) : IDisposable
    {
        public void Dispose() => notifications.Ready();
    }
}
