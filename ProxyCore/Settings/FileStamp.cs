using System.Runtime.InteropServices;
using ProxyCore.Platform;

namespace ProxyCore.Settings;

/// <summary>What tells one version of a file from the next, through all links, without a look at its content. Immutable.</summary>
/// <param name="File">Which file it is: its device and number on Linux, the end of its links elsewhere.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Changed">
/// When it was changed: on Linux the time that no program can set, so that a copy which keeps the time of writing is seen
/// as well.
/// </param>
internal sealed partial record FileStamp(string File, long Length, long Changed)
{
    // fcntl.h and sys/stat.h.
    private const int CurrentFolder = -100;
    private const uint BasicStatistics = 0x7FF;

    /// <summary>The stamp of what is at a path now; null if there is nothing, or nothing that may be seen.</summary>
    internal static FileStamp? Of(string path) => TargetSystem.IsLinux ? OfLinux(path) : OfAny(path);

    private static FileStamp? OfLinux(string path)
    {
        try
        {
            return GetStatistics(CurrentFolder, path, flags: 0, BasicStatistics, out LinuxStatistics found) == 0
                ? new FileStamp($"{found.DeviceMajor}:{found.DeviceMinor}:{found.Number}", found.Size, (found.ChangeSeconds * 1_000_000_000) + found.ChangeNanoseconds)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return OfAny(path);
        }
    }

    private static FileStamp? OfAny(string path)
    {
        try
        {
            var file = new FileInfo(path);
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return file.Exists ? new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatistics(int folder, string path, int flags, uint mask, out LinuxStatistics found);

    /// <summary>linux/stat.h, struct statx: the same on all architectures.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct LinuxStatistics
    {
        [FieldOffset(32)]
        internal ulong Number;

        [FieldOffset(40)]
        internal long Size;

        [FieldOffset(96)]
        internal long ChangeSeconds;

        [FieldOffset(104)]
        internal uint ChangeNanoseconds;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
