using System.Runtime.InteropServices;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>How many descriptors this process may have, and how many connections fit into that.</summary>
internal static partial class DescriptorLimit
{
    private const int DescriptorsPerConnection = 2;

    // What the process needs besides connections: the runtime, assemblies, listeners, logs.
    private const int Reserve = 128;

    // For each loop but the first: the two ends of its signal, its epoll set, and its listeners.
    private const int ReserveForLoop = 8;

    // Select takes 65,536 entries a list, and each connection has at most two; the rest is for listeners.
    private const int MostInSelect = 32_000;

    // RLIMIT_NOFILE: include/uapi/asm-generic/resource.h on Linux, sys/resource.h on macOS.
    private const int LinuxNoFile = 7;
    private const int MacNoFile = 8;

    /// <summary>How many connections may be open at a time: as many as are configured, or as the descriptors allow.</summary>
    internal static int MaxConnections(ProxySettings settings) => settings.MaxConnections ?? FitInto(Read(), settings.Loops);

    /// <summary>The connections of all loops that fit into <paramref name="limit"/> descriptors; at least one.</summary>
    internal static int FitInto(long limit, int loops = 1)
    {
        long reserve = Math.Min(Reserve + ((loops - 1) * ReserveForLoop), limit / 4);
        return (int)Math.Clamp((limit - reserve) / DescriptorsPerConnection, 1, MostInSelect);
    }

    private static long Read()
    {
        if (OperatingSystem.IsWindows())
        {
            return long.MaxValue;
        }

        int resource = OperatingSystem.IsMacOS() ? MacNoFile : LinuxNoFile;
        return GetResourceLimit(resource, out ResourceLimit limit) == 0
            ? (long)Math.Min(limit.Current, long.MaxValue)
            : 1024;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    // struct rlimit on 64-bit systems.
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        internal ulong Current;
        internal ulong Maximum;
    }
}
