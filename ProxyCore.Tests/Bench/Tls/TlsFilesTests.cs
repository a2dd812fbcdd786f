using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Bench.Load.Tls;
using ProxyCore.Bench.Peers;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench.Tls;

[Platform("Linux")]
[SupportedOSPlatform("linux")]
internal sealed class TlsFilesTests
{
    [TestCase(KeyKind.P256, "1.2.840.10045.2.1", 256)]
    [TestCase(KeyKind.Rsa2048, "1.2.840.113549.1.1.1", 2048)]
    public void Each_certificate_is_for_the_clients_name_and_has_its_key(KeyKind kind, string algorithm, int size)
    {
        using var folder = new TemporaryFolder();
        var files = TlsFiles.Write(folder.FullName);

        using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate(kind), files.Key(kind));
        using X509Certificate2 both = X509Certificate2.CreateFromPemFile(files.Both(kind));

        Assert.That(certificate.GetKeyAlgorithm(), Is.EqualTo(algorithm));
        Assert.That(certificate.GetECDsaPublicKey()?.KeySize ?? certificate.GetRSAPublicKey()!.KeySize, Is.EqualTo(size));
        Assert.That(certificate.MatchesHostname(TlsClient.Name), Is.True);
        Assert.That(both.Thumbprint, Is.EqualTo(certificate.Thumbprint));
    }

    [Test]
    public void Nobody_else_may_read_a_key([Values] KeyKind kind)
    {
        using var folder = new TemporaryFolder();
        var files = TlsFiles.Write(folder.FullName);

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(files.Key(kind)), Is.EqualTo(OwnerOnly));
        Assert.That(File.GetUnixFileMode(files.Both(kind)), Is.EqualTo(OwnerOnly));
    }
}
