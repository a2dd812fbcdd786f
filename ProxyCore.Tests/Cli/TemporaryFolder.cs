namespace ProxyCore.Tests.Cli;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxycore");

    internal string FullName => _folder.FullName;

    internal string Add(string name, byte[] content)
    {
        string path = Path.Combine(FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
