using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Connections.Listening;

/// <summary>Device and inode of a file: another file at the same path has others.</summary>
internal readonly partial record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    // include/uapi/linux/fcntl.h and stat.h: the layout of statx is the same on every architecture.
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint BasicStatistics = 0x7ff;

    /// <summary>The identity of the file at <paramref name="path"/>; null when there is none, or the system can't tell.</summary>
    internal static FileIdentity? Of(string path)
    {
        if (!TargetSystem.IsLinux)
        {
            return null;
        }

        try
        {
            return Statx(CurrentFolder, path, DoNotFollow, BasicStatistics, out Statistics file) == 0
                ? new FileIdentity(file.DeviceMajor, file.DeviceMinor, file.Inode)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than 2018 has no statx.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Statistics file);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
