using ProxyCore.Platform;
using ProxyCore.Settings;

namespace ProxyCore.Certificates;

/// <summary>What a file had in it when it was read, until it is disposed.</summary>
internal sealed class CertificateFile : IDisposable
{
    /// <summary>The largest file that is read: more than ten times the certificates that a system trusts.</summary>
    internal const int MostBytes = 1024 * 1024;

    private readonly Secret<byte> _content;

    private CertificateFile(string path, Secret<byte> content, bool othersMayRead)
    {
        Path = path;
        _content = content;
        OthersMayRead = othersMayRead;
    }

    internal string Path { get; }

    internal ReadOnlyMemory<byte> Content => _content.Memory;

    /// <summary>Whether every user of the system may read the file, as far as its own permissions go. False on Windows.</summary>
    internal bool OthersMayRead { get; }

    /// <exception cref="CertificateException">It can't be read.</exception>
    internal static CertificateFile Read(string path)
    {
        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            var content = new Secret<byte>(RegularFile.ReadAll(stream, MostBytes, isSecret: true));
            return new CertificateFile(path, content, MayOthersRead(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{path}: {exception.Message}", isTemporary: true);
        }
    }

    /// <summary>An error of this file.</summary>
    /// <param name="cause">What is wrong.</param>
    internal CertificateException Error(string cause) => new($"{Path}: {cause}");

    public void Dispose() => _content.Dispose();

    // Of the open file: of the path, it could be the permissions of a link or of a successor.
    private static bool MayOthersRead(FileStream stream) =>
        !TargetSystem.IsWindows && File.GetUnixFileMode(stream.SafeFileHandle).HasFlag(UnixFileMode.OtherRead);
}
