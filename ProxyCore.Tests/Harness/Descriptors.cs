using System.Globalization;

namespace ProxyCore.Tests.Harness;

/// <summary>The descriptors of a process that a proxy could leave behind: the runtime opens files as it likes.</summary>
internal static class Descriptors
{
    internal static int Count() => CountOf(Environment.ProcessId, "socket:") + CountOf(Environment.ProcessId, "pipe:");

    internal static int CountOf(int process, string kind) =>
        new DirectoryInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd"))
            .EnumerateFileSystemInfos()
            .Count(entry => entry.LinkTarget is { } target && target.StartsWith(kind, StringComparison.Ordinal));
}
