using System.Net.Sockets;

namespace ProxyCore.Tests.Facts;

/// <summary>A path for a Unix socket in a directory of its own, short enough for sun_path.</summary>
internal sealed class UnixSocketPath : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("pc");

    internal string Path => System.IO.Path.Combine(_directory.FullName, "s");

    internal UnixDomainSocketEndPoint EndPoint => new(Path);

    public void Dispose() => _directory.Delete(recursive: true);
}
