using System.Globalization;
using ProxyCore.Platform;

namespace ProxyCore.Cli.Systemd;

/// <summary>Whether standard output is connected to systemd's journal, which notes the time of each line itself: systemd.exec(5).</summary>
internal static class JournalStream
{
    private const string Variable = "JOURNAL_STREAM";
    private const string Output = "/proc/self/fd/1";

    internal static bool IsOutput() =>
        TargetSystem.IsLinux && IsJournal(Environment.GetEnvironmentVariable(Variable), ReadOutput());

    /// <summary>Whether the variable, device and inode, names the socket that the output is: <c>socket:[inode]</c>.</summary>
    /// <remarks>A child process inherits the variable, and may have another output.</remarks>
    internal static bool IsJournal(string? variable, string? output) =>
        variable?.Split(':') is [_, var inode]
        && ulong.TryParse(inode, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && output == $"socket:[{inode}]";

    private static string? ReadOutput()
    {
        try
        {
            return new FileInfo(Output).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without /proc nothing is known: the lines get their time.
            return null;
        }
    }
}
