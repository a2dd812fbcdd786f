using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ProxyCore.Diagnostics;

/// <summary>An access log in a file, which is opened for each batch: so it may be renamed, removed and truncated at any time.</summary>
internal sealed partial class AccessLogFile : IAccessLogSink
{
    // Linux, include/uapi/asm-generic/fcntl.h
    private const int SetStatusFlags = 4;
    private const int Append = 0x400;

    private const byte LineEnd = (byte)'\n';
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly string _path;
    private readonly Action<IBufferWriter<byte>, AccessLogFields> _writeLine;
    private readonly ArrayBufferWriter<byte> _lines = new();

    private AccessLogFile(string path, Action<IBufferWriter<byte>, AccessLogFields> writeLine)
    {
        _path = path;
        _writeLine = writeLine;
    }

    /// <summary>Makes the file, if it is not there.</summary>
    /// <exception cref="IOException">It can't be written to; the message has the path and the cause.</exception>
    internal static AccessLogFile Create(string path, AccessLogFormat format)
    {
        var file = new AccessLogFile(path, format == AccessLogFormat.Json ? AccessLogJson.WriteLine : AccessLogText.WriteLine);
        try
        {
            file.Open().Dispose();
            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new IOException(
                $"Cannot write the access log to {Printable.Shorten(path)}: {file.Describe(exception)}", exception);
        }
    }

    public AccessLogLoss? Write(IReadOnlyList<EndedConnection> batch)
    {
        try
        {
            _lines.ResetWrittenCount();
            foreach (EndedConnection ended in batch)
            {
                _writeLine(_lines, new AccessLogFields(ended));
            }

            using FileStream file = Open();
            EndTornLine(file);
            return WriteLines(file, batch.Count);
        }
        catch (Exception exception)
        {
            return new AccessLogLoss(batch.Count, Describe(exception));
        }
    }

    private AccessLogLoss? WriteLines(FileStream file, int count)
    {
        ReadOnlySpan<byte> lines = _lines.WrittenSpan;
        long before = LengthOf(file);
        try
        {
            file.Write(lines);
            return null;
        }
        catch (IOException exception)
        {
            // A disk that becomes full takes what it has room for.
            int taken = (int)Math.Clamp(LengthOf(file) - before, 0, lines.Length);
            return new AccessLogLoss(count - lines[..taken].Count(LineEnd), Describe(exception));
        }
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        var file = new FileStream(_path, options);
        if (OperatingSystem.IsLinux())
        {
            // FileMode.Append is a position that .NET remembers: who truncates the file or adds to it between the look
            // at its length and the write would get a hole, or lose a line. The system's own append has no such moment.
            _ = Fcntl(file.SafeFileHandle, SetStatusFlags, Append);
        }

        if (file.CanSeek)
        {
            file.Seek(0, SeekOrigin.End);
        }

        return file;
    }

    /// <summary>What a full disk, or the end of a process, has cut off must not run into the next line.</summary>
    private static void EndTornLine(FileStream file)
    {
        Span<byte> last = [LineEnd];
        long length = LengthOf(file);
        if (length > 0 && RandomAccess.Read(file.SafeFileHandle, last, length - 1) == 1 && last[0] != LineEnd)
        {
            file.Write([LineEnd]);
        }
    }

    private static long LengthOf(FileStream file) => file.CanSeek ? file.Length : 0;

    private string Describe(Exception exception) => exception switch
    {
        DirectoryNotFoundException => "its folder does not exist",
        UnauthorizedAccessException => Directory.Exists(_path) ? "it is a folder" : "permission denied",
        _ => Printable.Shorten(exception.Message),
    };

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(SafeFileHandle file, int command, int flags);
}
