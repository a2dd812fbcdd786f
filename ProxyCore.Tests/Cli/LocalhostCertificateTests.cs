using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Cli;

namespace ProxyCore.Tests.Cli;

/// <summary>The certificate of <c>demo --tls</c> is one that clients take for this machine once they trust it.</summary>
internal sealed class LocalhostCertificateTests
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // RFC 5480, section 2.1.1.1: secp256r1, in DER.
    private const string P256 = "06082A8648CE3D030107";
    private static readonly DateTimeOffset _now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void It_is_for_localhost_and_its_addresses_for_30_days()
    {
        using X509Certificate2 certificate = Load();

        X509SubjectAlternativeNameExtension names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.That(names.EnumerateDnsNames(), Is.EqualTo(["localhost"]));
        Assert.That(names.EnumerateIPAddresses().Select(static address => $"{address}"), Is.EqualTo(["127.0.0.1", "::1"]));
        Assert.That(certificate.NotBefore.ToUniversalTime(), Is.EqualTo(_now.UtcDateTime));
        Assert.That(certificate.NotAfter.ToUniversalTime(), Is.EqualTo(_now.UtcDateTime.AddDays(30)));
    }

    [Test]
    public void Its_key_is_a_P256_one_behind_it_in_the_file()
    {
        using X509Certificate2 certificate = Load();

        using ECDsa? key = certificate.GetECDsaPrivateKey();
        Assert.That(key, Is.Not.Null);
        Assert.That(Convert.ToHexString(certificate.PublicKey.EncodedParameters!.RawData), Is.EqualTo(P256));
    }

    [Test]
    public void A_client_that_trusts_the_file_verifies_it_for_servers()
    {
        using X509Certificate2 certificate = Load();
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _now.UtcDateTime.AddDays(1);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));

        Assert.That(chain.Build(certificate), Is.True, string.Join("; ", chain.ChainStatus.Select(static one => one.StatusInformation)));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no modes.")]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_user_can_read_it_and_it_goes_with_its_folder()
    {
        string file;
        using (var certificate = LocalhostCertificate.Create(_now))
        {
            file = certificate.FileName;
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(
                new DirectoryInfo(Path.GetDirectoryName(file)!).UnixFileMode,
                Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }

        Assert.That(Directory.Exists(Path.GetDirectoryName(file)), Is.False);
    }

    [Test]
    public void Each_has_a_key_of_its_own()
    {
        string first = LocalhostCertificate.MakePem(_now);
        string second = LocalhostCertificate.MakePem(_now);

        Assert.That(second.Split("PRIVATE KEY-----")[1], Is.Not.EqualTo(first.Split("PRIVATE KEY-----")[1]));
    }

    private static X509Certificate2 Load()
    {
        using var certificate = LocalhostCertificate.Create(_now);
        return X509Certificate2.CreateFromPemFile(certificate.FileName, certificate.FileName);
    }
}
