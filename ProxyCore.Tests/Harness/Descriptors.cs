namespace ProxyCore.Tests.Harness;

/// <summary>The descriptors of this process that a proxy could leave behind: the runtime opens files as it likes.</summary>
internal static class Descriptors
{
    internal static int Count() => new DirectoryInfo("/proc/self/fd")
        .EnumerateFileSystemInfos()
        .Count(static entry => entry.LinkTarget is { } target && (target.StartsWith("socket:") || target.StartsWith("pipe:")));
}
