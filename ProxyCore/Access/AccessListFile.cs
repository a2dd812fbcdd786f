using System.Text;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>One file of a list, and what was read from it last. For one thread at a time.</summary>
/// <param name="path">The whole path.</param>
internal sealed class AccessListFile(string path)
{
    private readonly FileWatch _watch = new(path);

    internal string Path => path;

    /// <summary>The addresses of the last time that it could be read.</summary>
    internal AddressSet Set { get; private set; } = AddressSet.Empty;

    /// <summary>Why it could not be read the last time; null if it could.</summary>
    internal string? Error { get; private set; }

    /// <summary>
    /// Reads it if it has changed since it was read last, and writing it is complete.
    /// </summary>
    /// <returns>Whether it was read, with success or not.</returns>
    internal bool Look()
    {
        if (!_watch.Look())
        {
            return false;
        }

        Read();
        return true;
    }

    /// <summary>Reads it; what was read before stays if it can't be.</summary>
    internal void Read()
    {
        _watch.BeginRead();
        try
        {
            Error = AccessFile.Parse(path, ReadText(), out AddressSet set);
            Set = Error is null ? set : Set;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _watch.ReadAgain();
            Error = $"{path}: {exception.Message}";
        }
    }

    private string ReadText()
    {
        using FileStream stream = RegularFile.OpenRead(path);
        ReadOnlySpan<byte> text = RegularFile.ReadAll(stream, AccessFile.MostBytes);
        return Encoding.UTF8.GetString(text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text);
    }
}
