using System.Runtime.InteropServices;
using ProxyCore.Platform;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Sockets;

/// <summary>How many descriptors this process may have, and how many connections that and Select allow.</summary>
internal static partial class DescriptorLimit
{
    private const int DescriptorsPerConnection = 2;

    // For the process itself: the runtime, assemblies, listeners, logs. Each upstream that is checked needs one more,
    // so that its check does not fail for want of a descriptor while all connections are open.
    private const int Reserve = 128;

    // For each loop but the first: the two ends of its signal, its epoll set, and its listeners.
    private const int ReserveForLoop = 8;

    // Select takes 65,536 entries a list, and each connection has at most two; the rest is for listeners. All
    // connections may come to one loop. Parked sockets are in no list.
    private const int MostInSelect = 32_000;

    // RLIMIT_NOFILE: include/uapi/asm-generic/resource.h on Linux, sys/resource.h on macOS.
    private const int LinuxNoFile = 7;
    private const int MacNoFile = 8;

    /// <summary>
    /// How many connections may be open at a time: as many as are configured, but no more than Select can watch; by default
    /// as many as the descriptors allow.
    /// </summary>
    internal static int MaxConnections(ProxySettings settings) => settings.MaxConnections is { } configured
        ? Math.Min(configured, MostWatched(settings))
        : FitInto(Read(), settings.Loops, Checks(settings));

    /// <summary>The connections of all loops that fit into <paramref name="limit"/> descriptors; at least one.</summary>
    /// <param name="limit">The descriptors of the process.</param>
    /// <param name="loops">How many loops relay.</param>
    /// <param name="checks">How many upstreams are checked.</param>
    internal static int FitInto(long limit, int loops = 1, int checks = 0)
    {
        long reserve = Math.Min(ReserveFor(loops, checks), limit / 4);
        return (int)Math.Clamp((limit - reserve) / DescriptorsPerConnection, 1, MostInSelect);
    }

    /// <summary>What has to be said of the configured maximum: a sentence for each limit that is below it.</summary>
    internal static IReadOnlyList<string> Warnings(ProxySettings settings) => Warnings(settings, Read());

    /// <param name="settings">What is configured.</param>
    /// <param name="limit">The descriptors of the process.</param>
    internal static IReadOnlyList<string> Warnings(ProxySettings settings, long limit)
    {
        if (settings.MaxConnections is not { } configured)
        {
            return [];
        }

        var warnings = new List<string>();
        if (configured > MostWatched(settings))
        {
            warnings.Add(
                $"MaxConnections is {configured}, but without parking Select can watch {MostInSelect} connections: {MostInSelect} is the maximum");
        }

        long needed = ((long)MaxConnections(settings) * DescriptorsPerConnection) + ReserveFor(settings.Loops, Checks(settings));
        if (needed > limit)
        {
            warnings.Add(
                $"MaxConnections is {configured}, which needs {needed} descriptors, but the limit of the process (RLIMIT_NOFILE) is {limit}: "
                + $"{FitInto(limit, settings.Loops, Checks(settings))} connections fit");
        }

        return warnings;
    }

    private static int MostWatched(ProxySettings settings) =>
        settings.ParksIdleSockets && TargetSystem.IsLinux ? int.MaxValue : MostInSelect;

    private static int Checks(ProxySettings settings) =>
        settings.Routes.Where(static route => route.Pool.Check is not null).Sum(static route => route.Pool.Upstreams.Count);

    private static long ReserveFor(int loops, int checks) => Reserve + ((loops - 1) * ReserveForLoop) + checks;

    private static long Read()
    {
        if (TargetSystem.IsWindows)
        {
            return long.MaxValue;
        }

        int resource = TargetSystem.IsMacOS ? MacNoFile : LinuxNoFile;
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
