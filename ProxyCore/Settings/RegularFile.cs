using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ProxyCore.Platform;

namespace ProxyCore.Settings;

/// <summary>Opens files that must be files: a named pipe would block the one who opens it until somebody writes to it.</summary>
internal static partial class RegularFile
{
    // fcntl.h: O_RDONLY | O_NONBLOCK | O_CLOEXEC. A pipe that nobody writes to opens at once with O_NONBLOCK.
    private const int LinuxFlags = 0x800 | 0x80000;
    private const int MacFlags = 0x4 | 0x1000000;

    private const int NoEntry = 2;
    private const int NoAccess = 13;
    private const int NoFolder = 20;

    /// <exception cref="IOException">It can't be opened; the message says why, behind the name of the file.</exception>
    internal static FileStream OpenRead(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("is a folder, not a file");
        }

        FileStream stream = Open(path);
        if (stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        throw new IOException("is a pipe or a device, not a file");
    }

    /// <summary>Reads what an open file has in it, all of it.</summary>
    /// <param name="stream">The file, just opened.</param>
    /// <param name="mostBytes">The largest file that is read.</param>
    /// <param name="isSecret">
    /// Whether the bytes are to stay where they are in memory, so that no copy is left behind when the caller clears them.
    /// </param>
    /// <exception cref="IOException">It is larger, or can't be read; the message says so, behind the name of the file.</exception>
    internal static byte[] ReadAll(FileStream stream, int mostBytes, bool isSecret = false)
    {
        if (stream.Length > mostBytes)
        {
            throw new IOException($"is larger than {mostBytes} bytes");
        }

        byte[] content = GC.AllocateArray<byte>((int)stream.Length, pinned: isSecret);
        int count = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return count == content.Length ? content : throw new IOException("was cut while it was read");
    }

    private static FileStream Open(string path)
    {
        if (!TargetSystem.IsLinux && !TargetSystem.IsMacOS)
        {
            return OpenPlainly(path);
        }

        SafeFileHandle handle = Open(path, TargetSystem.IsLinux ? LinuxFlags : MacFlags);
        if (!handle.IsInvalid)
        {
            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        }

        int error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw new IOException(error switch
        {
            NoEntry or NoFolder => "does not exist",
            NoAccess => "can't be read: permission denied",
            _ => $"can't be read: {Marshal.GetPInvokeErrorMessage(error)}",
        });
    }

    private static FileStream OpenPlainly(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException("does not exist", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException("can't be read: permission denied", exception);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
