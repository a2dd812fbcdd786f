using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ProxyCore.Diagnostics;

/// <summary>A file that Linux appends to: it may be truncated, renamed and written to by others at any time.</summary>
/// <remarks>
/// .NET has no O_APPEND, without which an append-only file (chattr +a) can't be opened, and truncating one leaves a hole.
/// The calls are made here also because they say how much of a batch was taken.
/// </remarks>
internal sealed partial class LinuxAppendFile : IAppendFile
{
    // include/uapi/asm-generic/fcntl.h
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Flags = Create | Append | NonBlocking | CloseOnExec;

    // include/uapi/asm-generic/errno-base.h
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int Again = 11;
    private const int AccessDenied = 13;
    private const int IsFolder = 21;
    private const int BrokenPipe = 32;

    // include/uapi/asm-generic/poll.h, signal.h
    private const short PollOut = 4;
    private const int FileSizeSignal = 25;
    private const int Ignore = 1;

    private const byte LineEnd = (byte)'\n';

    // For the reader of a FIFO: as long as a batch may take, so that the queue behind it stays short.
    private const int LongestWait = 1000;

    private readonly SafeFileHandle _file;

    static LinuxAppendFile() =>

        // Else a file at the process's limit (RLIMIT_FSIZE) ends the process: setrlimit(2). Ignored, the write fails.
        _ = Signal(FileSizeSignal, Ignore);

    /// <exception cref="IOException">It can't be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of a permission.</exception>
    internal LinuxAppendFile(string path, UnixFileMode mode)
    {
        SafeFileHandle file = Open(path, ReadWrite, mode) ?? OpenForWriting(path, mode);
        IsPipe = !CanSeek(file);
        if (IsPipe)
        {
            // Open for reading, it would be its own reader: then what it writes is lost without an error.
            SafeFileHandle both = file;
            file = OpenForWriting(path, mode);
            both.Dispose();
        }

        _file = file;
    }

    public bool IsPipe { get; }

    public bool EndsInLine
    {
        get
        {
            if (IsPipe || RandomAccess.GetLength(_file) is not (> 0 and var length))
            {
                return false;
            }

            // Without the permission to read it is not known: better an empty line than two in one.
            byte last = 0;
            nint read = Read(_file, ref last, 1, length - 1);
            return read < 0 || (read == 1 && last != LineEnd);
        }
    }

    public int Write(ReadOnlySpan<byte> bytes, out string? error)
    {
        int taken = 0;
        error = null;
        while (taken < bytes.Length)
        {
            nint count = Write(_file, bytes[taken..], bytes.Length - taken);
            if (count > 0)
            {
                taken += (int)count;
                continue;
            }

            int number = Marshal.GetLastPInvokeError();
            if (number == Interrupted || (number == Again && WaitForReader()))
            {
                continue;
            }

            error = number switch
            {
                Again => "its reader is too slow",
                BrokenPipe => "no process reads it",
                _ => Marshal.GetPInvokeErrorMessage(number),
            };
            break;
        }

        return taken;
    }

    public void Dispose() => _file.Dispose();

    private static bool CanSeek(SafeFileHandle file) => Seek(file, 0, 1) >= 0;

    private static SafeFileHandle OpenForWriting(string path, UnixFileMode mode) =>
        Open(path, WriteOnly, mode) ?? throw OpenFailed(path, Marshal.GetLastPInvokeError());

    private static SafeFileHandle? Open(string path, int access, UnixFileMode mode)
    {
        int descriptor = CallOpen(path, access | Flags, (int)mode);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static Exception OpenFailed(string path, int error) => error switch
    {
        NoEntry => new DirectoryNotFoundException(path),
        NotPermitted or AccessDenied or IsFolder => new UnauthorizedAccessException(path),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };

    private bool WaitForReader()
    {
        var entry = new PollEntry { Descriptor = (int)_file.DangerousGetHandle(), Events = PollOut };
        return Poll(ref entry, 1, LongestWait) > 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CallOpen(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static partial nint Read(SafeFileHandle file, ref byte last, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int number, nint handler);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Happened;
    }
}
