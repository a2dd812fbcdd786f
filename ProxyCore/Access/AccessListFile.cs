using System.Text;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>One file of a list, and what was read from it last. For one thread at a time.</summary>
/// <param name="path">The whole path.</param>
internal sealed class AccessListFile(string path)
{
    private FileStamp? _seen;
    private FileStamp? _read;
    private bool _mayReadLater;

    internal string Path => path;

    /// <summary>The addresses of the last time that it could be read.</summary>
    internal AddressSet Set { get; private set; } = AddressSet.Empty;

    /// <summary>Why it could not be read the last time; null if it could.</summary>
    internal string? Error { get; private set; }

    /// <summary>
    /// Reads it if it is another one than was read last, and has not changed since the last look: then writing it is complete.
    /// </summary>
    /// <returns>Whether it was read, with success or not.</returns>
    internal bool Look()
    {
        FileStamp? now = FileStamp.Of(path);
        bool isComplete = now == _seen;
        _seen = now;
        if (!isComplete || (now == _read && !_mayReadLater))
        {
            return false;
        }

        Read();
        return true;
    }

    /// <summary>Reads it; what was read before stays if it can't be.</summary>
    internal void Read()
    {
        // Before the content: what changes in between is seen at the next look.
        _seen = _read = FileStamp.Of(path);
        _mayReadLater = false;
        try
        {
            Error = AccessFile.Parse(path, ReadText(), out AddressSet set);
            Set = Error is null ? set : Set;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its stamp may be the same when it can be read: permissions of a folder, a lack of descriptors.
            _mayReadLater = true;
            Error = $"{path}: {exception.Message}";
        }
    }

    private string ReadText()
    {
        using FileStream stream = RegularFile.OpenRead(path);
        if (stream.Length > AccessFile.MostBytes)
        {
            throw new IOException($"is larger than {AccessFile.MostBytes} bytes");
        }

        byte[] content = new byte[stream.Length];
        int count = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = content.AsSpan(0, count);
        return Encoding.UTF8.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
    }
}
