using System.Globalization;
using System.Net.Sockets;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Systemd;

/// <summary>The sockets that systemd listens on for this service and hands over at its start: sd_listen_fds(3).</summary>
internal static class SocketActivation
{
    // SD_LISTEN_FDS_START: behind standard input, output and error.
    private const int First = 3;
    private const int Most = 1024;

    private const string Process = "LISTEN_PID";
    private const string Count = "LISTEN_FDS";

    // All variables that systemd sets with them.
    private static readonly string[] _variables = [Process, Count, "LISTEN_FDNAMES", "LISTEN_PIDFDID"];

    /// <summary>The sockets. The variables are removed, so that a child process does not take the sockets for its own.</summary>
    /// <exception cref="ListenException">The variables that describe them are invalid.</exception>
    internal static IReadOnlyList<SafeSocketHandle> Take()
    {
        if (Environment.GetEnvironmentVariable(Process) is not { } process)
        {
            return [];
        }

        int count = CountOf(process, Environment.GetEnvironmentVariable(Count), Environment.ProcessId);
        Array.ForEach(_variables, static name => Environment.SetEnvironmentVariable(name, null));

        // They stay open until the process ends; the proxy closes only its duplicates.
        return [.. Enumerable.Range(First, count).Select(static descriptor => new SafeSocketHandle(descriptor, ownsHandle: false))];
    }

    /// <summary>The number of sockets that the variables state; 0 when they are meant for another process.</summary>
    /// <exception cref="ListenException">They are invalid.</exception>
    internal static int CountOf(string process, string? count, int self)
    {
        if (count is null || !IsNumber(process, out int meant) || meant != self)
        {
            return 0;
        }

        return IsNumber(count, out int number) && number <= Most
            ? number
            : throw new ListenException(
                "the sockets that were handed over", $"{Count} is '{Printable.Shorten(count)}', expected a number up to {Most}");
    }

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
