namespace ProxyCore.Tests.Harness;

/// <summary>The descriptors of this process.</summary>
internal static class Descriptors
{
    internal static int Count() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
