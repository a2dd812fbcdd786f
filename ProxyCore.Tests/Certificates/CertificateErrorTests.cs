using System.Security.Cryptography.X509Certificates;
using ProxyCore.Certificates;
using static ProxyCore.Tests.Certificates.TestCertificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>What is wrong with a file is one line, which names the file.</summary>
internal sealed class CertificateErrorTests : CertificateFixture
{
    private X509Certificate2 _certificate = null!;

    [SetUp]
    public void WritePair()
    {
        _certificate = Make("a.example");
        Write("c", _certificate.ExportCertificatePem());
        Write("k", KeyOf(_certificate));
        Write("p", OpenSslSamples.Password);
    }

    [TearDown]
    public void DisposeCertificate() => _certificate.Dispose();

    [Test]
    public void A_file_that_does_not_exist()
    {
        Assert.That(ErrorOf("none", "k"), Is.EqualTo($"{At("none")}: does not exist"));
        Assert.That(ErrorOf("c", "none"), Is.EqualTo($"{At("none")}: does not exist"));
        Assert.That(ErrorOf("c", "k", "none"), Is.EqualTo($"{At("none")}: does not exist"));
    }

    [Test]
    public void A_folder() => Assert.That(ErrorOf("", "k"), Is.EqualTo($"{At("")}: is a folder, not a file"));

    [Test]
    public void A_device_or_a_pipe()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("there are none in the file system of Windows");
        }

        Assert.That(ErrorOf("c", "/dev/null"), Does.StartWith("/dev/null: "));
    }

    [Test]
    public void A_file_that_is_too_large()
    {
        File.WriteAllBytes(At("large"), new byte[CertificateFile.MostBytes + 1]);

        Assert.That(ErrorOf("large"), Is.EqualTo($"{At("large")}: is larger than 1048576 bytes"));
        Assert.That(ErrorOf("c", "large"), Is.EqualTo($"{At("large")}: is larger than 1048576 bytes"));
    }

    [TestCase("")]
    [TestCase("some text")]
    [TestCase("0\u0003\u0002\u0001\u0003")]
    public void Neither_PEM_nor_PKCS_12(string content)
    {
        Write("text", content);

        Assert.That(ErrorOf("text", "k"), Is.EqualTo($"{At("text")}: no certificate in it: it is neither PEM nor PKCS #12"));
    }

    [Test]
    public void A_certificate_that_is_not_PEM()
    {
        File.WriteAllBytes(At("der"), _certificate.RawData);

        Assert.That(ErrorOf("der", "k"), Is.EqualTo($"{At("der")}: no certificate in it: it is neither PEM nor PKCS #12"));
    }

    [Test]
    public void No_certificate() => Assert.That(ErrorOf("k"), Is.EqualTo($"{At("k")}: no certificate in it"));

    [Test]
    public void No_key()
    {
        Assert.That(ErrorOf("c"), Is.EqualTo($"{At("c")}: no private key in it"));
        Assert.That(ErrorOf("c", "p"), Is.EqualTo($"{At("p")}: no private key in it"));
    }

    [Test]
    public void More_than_one_key()
    {
        Write("keys", KeyOf(_certificate), TraditionalKeyOf(_certificate));

        Assert.That(ErrorOf("c", "keys"), Is.EqualTo($"{At("keys")}: more than one private key in it"));
    }

    [Test]
    public void A_chain_that_is_cut()
    {
        string pem = _certificate.ExportCertificatePem();
        Write("cut", pem, pem[..^30]);

        Assert.That(ErrorOf("cut", "k"), Is.EqualTo($"{At("cut")}:{pem.Split('\n').Length + 1}: the end of this CERTIFICATE is missing"));
    }

    [Test]
    public void A_block_within_another_one()
    {
        Write("nested", "-----BEGIN CERTIFICATE-----", _certificate.ExportCertificatePem());

        Assert.That(ErrorOf("nested", "k"), Is.EqualTo($"{At("nested")}:1: the end of this CERTIFICATE is missing"));
    }

    [Test]
    public void A_block_that_is_not_base64()
    {
        Write("bad", "-----BEGIN CERTIFICATE-----", "abc$", "-----END CERTIFICATE-----");
        Write("empty", "text", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----");

        Assert.That(ErrorOf("bad", "k"), Is.EqualTo($"{At("bad")}:1: the content of this CERTIFICATE is not base64"));
        Assert.That(ErrorOf("c", "empty"), Is.EqualTo($"{At("empty")}:2: the content of this PRIVATE KEY is not base64"));
    }

    [Test]
    public void A_certificate_or_a_key_that_is_damaged()
    {
        Write("bad", "-----BEGIN CERTIFICATE-----", "MAMCAQM=", "-----END CERTIFICATE-----");
        Write("bad key", "-----BEGIN RSA PRIVATE KEY-----", "MAMCAQM=", "-----END RSA PRIVATE KEY-----");

        Assert.That(ErrorOf("bad", "k"), Is.EqualTo($"{At("bad")}:1: this certificate is damaged"));
        Assert.That(ErrorOf("c", "bad key"), Is.EqualTo($"{At("bad key")}:1: this private key can't be read: it is damaged, or neither RSA nor ECDSA"));
    }

    [Test]
    public void A_certificate_in_the_form_of_OpenSSL()
    {
        Write("trusted", _certificate.ExportCertificatePem().Replace("CERTIFICATE", "TRUSTED CERTIFICATE", StringComparison.Ordinal));

        Assert.That(ErrorOf("trusted", "k"), Is.EqualTo($"{At("trusted")}:1: a TRUSTED CERTIFICATE is in OpenSSL's own form: convert it with openssl x509"));
    }

    [Test]
    public void A_key_that_does_not_belong_to_the_certificate()
    {
        using X509Certificate2 other = Make("b.example");
        using X509Certificate2 rsa = MakeRsa();
        Write("other", KeyOf(other));
        Write("rsa", KeyOf(rsa));

        Assert.That(ErrorOf("c", "other"), Is.EqualTo($"the private key in {At("other")} does not belong to the certificate in {At("c")}"));
        Assert.That(ErrorOf("c", "rsa"), Is.EqualTo($"the private key in {At("rsa")} does not belong to the certificate in {At("c")}"));
    }

    [Test]
    public void A_key_of_another_kind()
    {
        Write("ed", OpenSslSamples.Ed25519Certificate, OpenSslSamples.Ed25519);
        Write("dsa", "-----BEGIN DSA PRIVATE KEY-----", "MAMCAQM=", "-----END DSA PRIVATE KEY-----");

        Assert.That(ErrorOf("ed"), Does.EndWith(": this private key can't be read: it is damaged, or neither RSA nor ECDSA"));
        Assert.That(ErrorOf("c", "dsa"), Is.EqualTo($"{At("dsa")}:1: a DSA PRIVATE KEY is not supported: RSA keys and keys on elliptic curves (ECDSA) are"));
    }

    [Test]
    public void An_encrypted_key_without_a_password_file()
    {
        Write("new", EncryptedKeyOf(_certificate, "x"));
        Write("old", OpenSslSamples.TraditionalAes256);
        File.WriteAllBytes(At("p12"), Convert.FromBase64String(OpenSslSamples.Pkcs12));

        Assert.That(ErrorOf("c", "new"), Is.EqualTo($"{At("new")}:1: this private key is encrypted, and no PasswordFile is configured"));
        Assert.That(ErrorOf("c", "old"), Is.EqualTo($"{At("old")}:1: this private key is encrypted, and no PasswordFile is configured"));
        Assert.That(ErrorOf("p12"), Is.EqualTo($"{At("p12")}: it is encrypted, and no PasswordFile is configured"));
    }

    [TestCase("wrong")]
    [TestCase("")]
    public void A_wrong_password(string password)
    {
        Write("wrong", password);
        Write("new", EncryptedKeyOf(_certificate, "x"));
        Write("old", OpenSslSamples.TraditionalAes256);
        File.WriteAllBytes(At("p12"), Convert.FromBase64String(OpenSslSamples.Pkcs12));

        Assert.That(ErrorOf("c", "new", "wrong"), Is.EqualTo($"the password in {At("wrong")} does not open the private key in {At("new")}, or the key is neither RSA nor ECDSA"));
        Assert.That(ErrorOf("c", "old", "wrong"), Is.EqualTo($"the password in {At("wrong")} does not open the private key in {At("old")}, or the key is neither RSA nor ECDSA"));
        Assert.That(ErrorOf("p12", password: "wrong"), Is.EqualTo($"the password in {At("wrong")} does not open {At("p12")}"));
    }

    [Test]
    public void A_password_that_is_not_text()
    {
        File.WriteAllBytes(At("binary"), [0xFF, 0xFE, (byte)'x']);

        Assert.That(ErrorOf("c", "k", "binary"), Is.EqualTo($"{At("binary")}: the first line, the password, is not UTF-8"));
    }

    [Test]
    public void A_cipher_that_is_not_supported()
    {
        Write("scrypt", OpenSslSamples.Pkcs8Scrypt);
        Write("camellia", OpenSslSamples.TraditionalCamellia);
        Write("none", OpenSslSamples.TraditionalAes128.Replace("DEK-Info", "Comment", StringComparison.Ordinal));
        Write("short", OpenSslSamples.TraditionalTripleDes.Replace("DES-EDE3-CBC", "AES-128-CBC", StringComparison.Ordinal));

        Assert.That(ErrorOf("c", "scrypt", "p"), Is.EqualTo($"{At("scrypt")}:1: this private key is encrypted with scrypt, which .NET does not open: convert it with openssl pkcs8 -topk8 -v2 aes-256-cbc"));
        Assert.That(ErrorOf("c", "camellia", "p"), Is.EqualTo($"{At("camellia")}:1: this key is encrypted with a cipher other than AES-…-CBC and DES-EDE3-CBC: convert it with openssl pkcs8 -topk8"));
        Assert.That(ErrorOf("c", "none", "p"), Is.EqualTo($"{At("none")}:1: the line DEK-Info of this key names no cipher with an initialization vector"));
        Assert.That(ErrorOf("c", "short", "p"), Is.EqualTo($"{At("short")}:1: the line DEK-Info of this key has an initialization vector of the wrong length"));
    }

    [Test]
    public void PKCS_12_with_a_key_file_or_without_a_key_or_with_two_or_damaged()
    {
        using X509Certificate2 other = Make("b.example");
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        byte[] whole = _certificate.Export(X509ContentType.Pkcs12);
        File.WriteAllBytes(At("whole"), whole);
        File.WriteAllBytes(At("without"), withoutKey.Export(X509ContentType.Pkcs12));
        File.WriteAllBytes(At("two"), new X509Certificate2Collection { _certificate, other }.Export(X509ContentType.Pkcs12)!);
        File.WriteAllBytes(At("cut"), whole[..^1]);

        Assert.That(ErrorOf("whole", "k"), Is.EqualTo($"{At("whole")}: a PKCS #12 file has the key in it: leave Key out"));
        Assert.That(ErrorOf("without"), Is.EqualTo($"{At("without")}: no private key in it that belongs to a certificate in it"));
        Assert.That(ErrorOf("two"), Is.EqualTo($"{At("two")}: more than one private key in it"));
        Assert.That(ErrorOf("cut"), Is.EqualTo($"{At("cut")}: no certificate in it: it is neither PEM nor PKCS #12"));
    }

    [Test]
    public void Authorities_have_the_same_errors()
    {
        Write("text", "some text");

        Assert.That(CaError("none"), Is.EqualTo($"{At("none")}: does not exist"));
        Assert.That(CaError("text"), Is.EqualTo($"{At("text")}: no certificate in it"));
        Assert.That(CaError("k"), Is.EqualTo($"{At("k")}: no certificate in it"));
    }

    [Test]
    public void All_authorities_of_a_file_are_read()
    {
        using X509Certificate2 other = Make("b.example");
        Write("ca", "# first", _certificate.ExportCertificatePem(), "# second", other.ExportCertificatePem());

        Assert.That(
            CaLoader.Load(At("ca")).Select(static one => Convert.ToHexString(one.Span)),
            Is.EqualTo([Convert.ToHexString(_certificate.RawData), Convert.ToHexString(other.RawData)]));
    }

    /// <summary>Whatever is in a file: it can be used, or there is one line that has no part of the key.</summary>
    [Test]
    public void A_file_with_any_damage_is_an_error_and_never_more()
    {
        var random = new Random(17);
        string[] samples =
        [
            OpenSslSamples.Certificate + "\n" + OpenSslSamples.Pkcs8,
            OpenSslSamples.Certificate + "\n" + OpenSslSamples.Traditional,
            OpenSslSamples.Certificate + "\n" + OpenSslSamples.TraditionalAes128,
        ];
        byte[][] contents = [.. samples.Select(System.Text.Encoding.UTF8.GetBytes), Convert.FromBase64String(OpenSslSamples.Pkcs12WithoutPassword)];
        int usable = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. contents[i % contents.Length]];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(At("damaged"), damaged[..(i % 3 == 0 ? random.Next(damaged.Length) : damaged.Length)]);
            try
            {
                CertificateLoader.Load(Pair("damaged", password: i % contents.Length == 2 ? "p" : null)).Dispose();
                usable++;
            }
            catch (CertificateException exception)
            {
                Assert.That(exception.Message, Does.Contain(At("damaged")).And.Not.Contain("\n"));
                Assert.That(exception.InnerException, Is.Null);
            }
        }

        Assert.That(usable, Is.GreaterThan(0).And.LessThan(1000));
    }

    private string CaError(string file) => Assert.Throws<CertificateException>(() => CaLoader.Load(At(file)))!.Message;
}
