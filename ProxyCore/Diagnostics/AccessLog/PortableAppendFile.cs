using ProxyCore.Platform;

namespace ProxyCore.Diagnostics;

/// <summary>A file at whose end .NET writes: it remembers the position, so that others must not write to it.</summary>
internal sealed class PortableAppendFile : IAppendFile
{
    private const byte LineEnd = (byte)'\n';

    private readonly FileStream _file;

    internal PortableAppendFile(string path, UnixFileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!TargetSystem.IsWindows)
        {
            options.UnixCreateMode = mode;
        }

        _file = new FileStream(path, options);
        if (_file.CanSeek)
        {
            _file.Seek(0, SeekOrigin.End);
        }
    }

    public bool IsPipe => false;

    public bool EndsInLine
    {
        get
        {
            Span<byte> last = [LineEnd];
            long length = Length;
            return length > 0 && RandomAccess.Read(_file.SafeFileHandle, last, length - 1) == 1 && last[0] != LineEnd;
        }
    }

    private long Length => _file.CanSeek ? _file.Length : 0;

    public int Write(ReadOnlySpan<byte> bytes, out string? error)
    {
        long before = Length;
        try
        {
            _file.Write(bytes);
            error = null;
            return bytes.Length;
        }
        catch (IOException exception)
        {
            // A disk that becomes full takes what it has room for.
            error = exception.Message;
            return (int)Math.Clamp(Length - before, 0, bytes.Length);
        }
    }

    public void Dispose() => _file.Dispose();
}
