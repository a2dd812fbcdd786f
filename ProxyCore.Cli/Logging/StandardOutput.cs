using System.Text;
using ProxyCore.Platform;

namespace ProxyCore.Cli.Logging;

/// <summary>Writes log lines to standard output, one write a line. One thread.</summary>
internal sealed class StandardOutput
{
    private readonly Encoding _encoding = TargetSystem.IsWindows ? Console.OutputEncoding : Encoding.UTF8;
    private readonly byte[] _buffer = new byte[4096];

    // A write that failed may have written a part: the next line begins on a line of its own.
    private bool _isInsideLine;

    /// <summary>Writes a line, waiting as long as standard output takes nothing; false when a write fails.</summary>
    internal bool TryWrite(string line)
    {
        if (_isInsideLine && !StandardStreams.TryWriteOutput("\n"u8, out _))
        {
            return false;
        }

        int length = _encoding.GetMaxByteCount(line.Length) is var most && most <= _buffer.Length ? most : _encoding.GetByteCount(line);
        Span<byte> bytes = length <= _buffer.Length ? _buffer : new byte[length];
        bytes = bytes[.._encoding.GetBytes(line, bytes)];
        bool isWritten = StandardStreams.TryWriteOutput(bytes, out int written);
        _isInsideLine = !isWritten && written > 0;
        return isWritten;
    }
}
