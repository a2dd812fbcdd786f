using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Certificates;
using static ProxyCore.Tests.Certificates.TestCertificates;

namespace ProxyCore.Tests.Certificates;

/// <summary>Certificates and keys are read in every form in which they are in use.</summary>
internal sealed class CertificateLoaderTests : CertificateFixture
{
    private const string Secret = "Geheim ist's";

    private static IEnumerable<TestCaseData> KeyForms()
    {
        yield return new TestCaseData((Func<X509Certificate2, string>)KeyOf).SetArgDisplayNames("PKCS #8");
        yield return new TestCaseData((Func<X509Certificate2, string>)TraditionalKeyOf).SetArgDisplayNames("traditional");
        yield return new TestCaseData((Func<X509Certificate2, string>)(static one => EncryptedKeyOf(one, Secret))).SetArgDisplayNames("encrypted PKCS #8");
    }

    private static string[] SampleKeys() =>
    [
        OpenSslSamples.Pkcs8, OpenSslSamples.Traditional, OpenSslSamples.TraditionalAes128, OpenSslSamples.TraditionalAes192,
        OpenSslSamples.TraditionalAes256, OpenSslSamples.TraditionalTripleDes, OpenSslSamples.Pkcs8Aes, OpenSslSamples.Pkcs8TripleDes,
    ];

    private static string[] SamplePkcs12() => [OpenSslSamples.Pkcs12, OpenSslSamples.LegacyPkcs12, OpenSslSamples.Pkcs12WithoutPassword];

    [TestCaseSource(nameof(KeyForms))]
    public void A_key_on_a_curve_is_read(Func<X509Certificate2, string> form)
    {
        using X509Certificate2 certificate = Make("a.example");
        AssertReads(certificate, form(certificate));
    }

    [TestCaseSource(nameof(KeyForms))]
    public void An_RSA_key_is_read(Func<X509Certificate2, string> form)
    {
        using X509Certificate2 certificate = MakeRsa();
        AssertReads(certificate, form(certificate));
    }

    [TestCaseSource(nameof(SampleKeys))]
    public void A_key_is_read_as_OpenSSL_writes_it(string key)
    {
        Write("c", OpenSslSamples.Certificate);
        Write("k", key);
        Write("p", OpenSslSamples.Password);

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", "k", "p"));
        Assert.That(Convert.ToBase64String(loaded.Key.Span), Is.EqualTo(Flat(OpenSslSamples.Pkcs8)));
    }

    [Test]
    public void An_encrypted_traditional_RSA_key_is_read()
    {
        Write("c", OpenSslSamples.RsaCertificate);
        Write("k", OpenSslSamples.RsaTraditionalAes256);
        Write("p", OpenSslSamples.Password);

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", "k", "p"));
        Assert.That(loaded.Names, Is.EqualTo(["rsa.example"]));
    }

    [TestCaseSource(nameof(SamplePkcs12))]
    public void PKCS_12_is_recognized_by_its_content(string sample)
    {
        File.WriteAllBytes(At("c.pem"), Convert.FromBase64String(sample));
        Write("p", sample == OpenSslSamples.Pkcs12WithoutPassword ? "" : OpenSslSamples.Password);

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c.pem", password: "p"));
        Assert.That(Convert.ToBase64String(loaded.Key.Span), Is.EqualTo(Flat(OpenSslSamples.Pkcs8)));
        Assert.That(Convert.ToBase64String(loaded.Chain.Single().Span), Is.EqualTo(Flat(OpenSslSamples.Certificate)));
    }

    [Test]
    public void PKCS_12_without_a_password_needs_no_password_file()
    {
        File.WriteAllBytes(At("c"), Convert.FromBase64String(OpenSslSamples.Pkcs12WithoutPassword));

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c"));
        Assert.That(loaded.Names, Is.EqualTo(["sample.example"]));
    }

    [Test]
    public void PKCS_12_with_a_chain_and_an_RSA_key_is_read()
    {
        using X509Certificate2 root = Issue(Make("root"), "CN=root", isAuthority: true);
        using X509Certificate2 leaf = MakeRsa();
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(root.RawData);
        X509Certificate2Collection all = [withoutKey, leaf];
        File.WriteAllBytes(At("c"), all.Export(X509ContentType.Pkcs12, Secret)!);
        Write("p", Secret);

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", password: "p"));
        Assert.That(loaded.Chain.Select(static one => Convert.ToHexString(one.Span)), Is.EqualTo([Convert.ToHexString(leaf.RawData), Convert.ToHexString(root.RawData)]));
        Assert.That(loaded.Key.Span.SequenceEqual(PrivateKeyOf(leaf).ExportPkcs8PrivateKey()), Is.True);
    }

    [TestCase("certificate, key, text", 0)]
    [TestCase("key, certificate", 1)]
    public void Certificate_and_key_may_be_in_one_file(string description, int keyAt)
    {
        using X509Certificate2 certificate = Make("a.example");
        List<string> parts = ["Bag Attributes\r\n    friendlyName: one\r", certificate.ExportCertificatePem().ReplaceLineEndings("\r\n"), "some text", "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----"];
        parts.Insert(keyAt == 1 ? 0 : parts.Count, TraditionalKeyOf(certificate));
        Write("c", [.. parts]);

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c"));
        Assert.That(loaded.Names, Is.EqualTo(["a.example"]), description);
    }

    [Test]
    public void A_file_may_begin_with_a_mark_of_its_encoding_and_end_without_a_line_end()
    {
        using X509Certificate2 certificate = Make("a.example");
        File.WriteAllText(At("c"), "\uFEFF" + certificate.ExportCertificatePem());
        File.WriteAllText(At("k"), "\uFEFF" + EncryptedKeyOf(certificate, Secret));
        File.WriteAllText(At("p"), "\uFEFF" + Secret + "\r\nsecond line");

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", "k", "p"));
        Assert.That(loaded.Key.IsEmpty, Is.False);
    }

    [Test]
    public void A_chain_is_sent_from_the_certificate_to_its_root_in_whatever_order_the_file_has_it()
    {
        using X509Certificate2 first = Make("x");
        using X509Certificate2 root = Issue(first, "CN=root", isAuthority: true);
        using X509Certificate2 middle = Issue(root, "CN=middle", isAuthority: true);
        using X509Certificate2 leaf = Issue(middle, "CN=leaf.example", isAuthority: false);
        using X509Certificate2 stranger = Make("CN=stranger", [], [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        string[] expected = [.. new[] { leaf, middle, root, stranger }.Select(static one => Convert.ToHexString(one.RawData))];
        Write("k", KeyOf(leaf));
        foreach (X509Certificate2[] order in (X509Certificate2[][])[[leaf, middle, root, stranger], [root, middle, leaf, stranger], [stranger, middle, leaf, middle, root]])
        {
            Write("c", [.. order.Select(static one => one.ExportCertificatePem())]);
            using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", "k"));
            Assert.That(loaded.Chain.Select(static one => Convert.ToHexString(one.Span)), Is.EqualTo(expected));
            Assert.That(loaded.Names, Is.EqualTo(["leaf.example"]));
        }
    }

    [Test]
    public void What_a_certificate_says_of_itself_is_known()
    {
        var from = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        using X509Certificate2 certificate = Make("CN=\"ev\u202Eil\", O=Company", ["a.example"], ["192.0.2.1", "2001:db8::1"], from, from.AddDays(90));
        Write("c", certificate.ExportCertificatePem(), KeyOf(certificate));

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c"));
        Assert.That(loaded.NotBefore, Is.EqualTo(from));
        Assert.That(loaded.NotAfter, Is.EqualTo(from.AddDays(90)));
        Assert.That((loaded.NotBefore.Offset, loaded.NotAfter.Offset), Is.EqualTo((TimeSpan.Zero, TimeSpan.Zero)));
        Assert.That(loaded.Serial, Is.EqualTo(certificate.SerialNumber));
        Assert.That(loaded.Subject, Is.EqualTo("CN=ev?il, O=Company"), "nothing that a terminal obeys");
        Assert.That(loaded.Addresses.Select(static one => one.ToString()), Is.EqualTo(["192.0.2.1", "2001:db8::1"]));
    }

    [Test]
    public void A_key_is_zeroed_when_it_is_cleared()
    {
        using X509Certificate2 certificate = Make("a.example");
        Write("c", certificate.ExportCertificatePem(), KeyOf(certificate));
        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c"));
        ReadOnlyMemory<byte> key = loaded.Key;
        using (var imported = ECDsa.Create())
        {
            imported.ImportPkcs8PrivateKey(key.Span, out int read);
            Assert.That(read, Is.EqualTo(key.Length));
        }

        loaded.ClearKey();
        Assert.That(key.ToArray(), Is.All.Zero);
        Assert.That(loaded.Key.IsEmpty, Is.True);
    }

    [Test]
    public void What_is_kept_of_a_file_is_zeroed_when_it_is_not_needed_any_more()
    {
        Write("p", Secret);
        CertificateFile file = CertificateFile.Read(At("p"));
        ReadOnlyMemory<byte> content = file.Content;
        Assert.That(content.ToArray(), Has.Some.Not.Zero);
        file.Dispose();
        Assert.That(content.ToArray(), Is.All.Zero);

        Password password = Password.Read(At("p"));
        ReadOnlySpan<byte> bytes = password.Bytes;
        ReadOnlySpan<char> characters = password.Characters;
        Assert.That(characters.ToString(), Is.EqualTo(Secret));
        password.Dispose();
        Assert.That((bytes.ContainsAnyExcept((byte)0), characters.ContainsAnyExcept('\0')), Is.EqualTo((false, false)));
    }

    private static string Flat(string pem) => string.Concat(pem.Split('\n').Where(static line => !line.StartsWith('-')));

    private void AssertReads(X509Certificate2 certificate, string key)
    {
        Write("c", certificate.ExportCertificatePem());
        Write("k", key);
        Write("p", Secret, "another line");

        using LoadedCertificate loaded = CertificateLoader.Load(Pair("c", "k", "p"));
        Assert.That(loaded.Chain.Single().Span.SequenceEqual(certificate.RawData), Is.True);
        Assert.That(loaded.Key.Span.SequenceEqual(PrivateKeyOf(certificate).ExportPkcs8PrivateKey()), Is.True);
    }
}
