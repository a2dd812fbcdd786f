namespace ProxyCore.Certificates;

/// <summary>
/// A file with a certificate, a key or a password can't be used. The message is one line: which file, and what is wrong; it has
/// no part of a key or a password.
/// </summary>
internal sealed class CertificateException(string message, bool isTemporary = false) : Exception(message)
{
    /// <summary>Whether the same files may be readable later: they could not be opened.</summary>
    internal bool IsTemporary => isTemporary;
}
