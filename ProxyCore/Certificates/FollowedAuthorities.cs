using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>A file with certificates of authorities, and what was read from it last. Reading is for one thread at a time.</summary>
/// <param name="path">The whole path.</param>
internal sealed class FollowedAuthorities(string path)
{
    private readonly FileWatch _watch = new(path);
    private volatile IReadOnlyList<ReadOnlyMemory<byte>> _certificates = [];
    private volatile string? _error;

    internal string Path => path;

    /// <summary>What was read last with success, each certificate as DER; empty before.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Certificates => _certificates;

    /// <summary>Why the file could not be used the last time; null if it could.</summary>
    internal string? Error => _error;

    /// <summary>Looks whether the file is to be read: see <see cref="FileWatch.Look"/>.</summary>
    internal bool IsDue() => _watch.Look();

    /// <summary>Reads the file. The same certificates as before are the same list; if the file can't be used, it stays, too.</summary>
    /// <returns>Whether they are other certificates now.</returns>
    internal bool Read()
    {
        _watch.BeginRead();
        try
        {
            IReadOnlyList<ReadOnlyMemory<byte>> read = CaLoader.Load(path);
            _error = null;
            bool isSame = read.Count == _certificates.Count
                && read.Zip(_certificates).All(static pair => pair.First.Span.SequenceEqual(pair.Second.Span));
            _certificates = isSame ? _certificates : read;
            return !isSame;
        }
        catch (CertificateException exception)
        {
            if (exception.IsTemporary)
            {
                _watch.ReadAgain();
            }

            _error = exception.Message;
            return false;
        }
    }
}
