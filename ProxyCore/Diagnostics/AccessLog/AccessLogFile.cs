using System.Buffers;
using ProxyCore.Platform;

namespace ProxyCore.Diagnostics;

/// <summary>An access log in a file, which is opened for each batch: so it may be renamed, removed and truncated at any time.</summary>
internal sealed class AccessLogFile : IAccessLogSink, IDisposable
{
    private const byte LineEnd = (byte)'\n';
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly string _path;
    private readonly Action<IBufferWriter<byte>, AccessLogFields> _writeLine;
    private readonly ArrayBufferWriter<byte> _lines = new();

    // A FIFO stays open until the next batch has opened it again: its reader would take the close for the end.
    private IAppendFile? _pipe;
    private bool _pipeEndsInLine;

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

            IAppendFile file = Open();
            try
            {
                return WriteLines(file, batch.Count);
            }
            finally
            {
                Close(file);
            }
        }
        catch (Exception exception)
        {
            return new AccessLogLoss(batch.Count, Describe(exception));
        }
    }

    /// <summary>Closes what stays open between batches: the reader of a FIFO learns of the end.</summary>
    public void Dispose() => _pipe?.Dispose();

    private AccessLogLoss? WriteLines(IAppendFile file, int count)
    {
        // What a full disk, a slow reader or the end of a process has cut off must not run into the next line.
        bool endsInLine = file.IsPipe ? _pipeEndsInLine : file.EndsInLine;
        if (endsInLine && file.Write([LineEnd], out string? cause) == 0)
        {
            return new AccessLogLoss(count, Printable.Shorten(cause!));
        }

        ReadOnlySpan<byte> lines = _lines.WrittenSpan;
        int taken = file.Write(lines, out string? error);
        _pipeEndsInLine = file.IsPipe && taken > 0 && lines[taken - 1] != LineEnd;
        return error is null
            ? null
            : new AccessLogLoss(count - lines[..taken].Count(LineEnd), Printable.Shorten(error));
    }

    private void Close(IAppendFile file)
    {
        IAppendFile? before = _pipe;
        _pipe = file.IsPipe ? file : null;
        before?.Dispose();
        if (_pipe is null)
        {
            file.Dispose();
        }
    }

    private IAppendFile Open() =>
        TargetSystem.IsLinux ? new LinuxAppendFile(_path, Mode) : new PortableAppendFile(_path, Mode);

    private string Describe(Exception exception) => exception switch
    {
        DirectoryNotFoundException => "its folder does not exist",
        UnauthorizedAccessException => Directory.Exists(_path) ? "it is a folder" : "permission denied",
        _ => Printable.Shorten(exception.Message),
    };
}
