using ProxyCore.Certificates;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Certificates;

/// <summary>A folder with files of certificates for each test.</summary>
internal abstract class CertificateFixture
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    protected string Folder => _folder.FullName;

    protected string At(string name) => Path.Combine(_folder.FullName, name);

    protected void Write(string name, params string[] parts) => File.WriteAllText(At(name), string.Join('\n', parts) + "\n");

    protected CertificateSettings Pair(string certificate, string? key = null, string? password = null) =>
        new(At(certificate), key is null ? null : At(key), password is null ? null : At(password));

    /// <summary>Why a pair can't be used.</summary>
    protected string ErrorOf(string certificate, string? key = null, string? password = null) =>
        Assert.Throws<CertificateException>(() => CertificateLoader.Load(Pair(certificate, key, password)).Dispose())!.Message;
}
