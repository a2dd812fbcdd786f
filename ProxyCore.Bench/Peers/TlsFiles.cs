using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Bench.Load.Tls;

namespace ProxyCore.Bench.Peers;

/// <summary>The kind of key in a proxy's certificate.</summary>
internal enum KeyKind
{
    /// <summary>An elliptic curve's: P-256.</summary>
    P256,

    /// <summary>RSA of 2048 bits.</summary>
    Rsa2048,
}

/// <summary>Certificates for proxies, made for one comparison, and what limits their clients to one version, cipher suite and group.</summary>
internal sealed class TlsFiles
{
    private readonly string _folder;

    private TlsFiles(string folder) => _folder = folder;

    /// <summary>OpenSSL's configuration for the clients.</summary>
    internal string ClientConfiguration => Path.Combine(_folder, "openssl-client.cnf");

    /// <summary>Writes all files into <paramref name="folder"/>.</summary>
    internal static TlsFiles Write(string folder)
    {
        var files = new TlsFiles(folder);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files.WritePair(KeyKind.P256, new CertificateRequest(Subject, curve, HashAlgorithmName.SHA256), curve);
        using var rsa = RSA.Create(2048);
        files.WritePair(KeyKind.Rsa2048, new CertificateRequest(Subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), rsa);
        // See config(5) and SSL_CONF_cmd(3) of OpenSSL.
        File.WriteAllText(files.ClientConfiguration, """
            openssl_conf = all
            [all]
            ssl_conf = tls
            [tls]
            system_default = clients
            [clients]
            MinProtocol = TLSv1.3
            MaxProtocol = TLSv1.3
            Ciphersuites = TLS_AES_128_GCM_SHA256
            Groups = X25519

            """);
        return files;
    }

    /// <summary>The certificate's file.</summary>
    internal string Certificate(KeyKind kind) => Path.Combine(_folder, $"{kind}-certificate.pem");

    /// <summary>The key's file.</summary>
    internal string Key(KeyKind kind) => Path.Combine(_folder, $"{kind}-key.pem");

    /// <summary>Both in one file, as HAProxy takes them.</summary>
    internal string Both(KeyKind kind) => Path.Combine(_folder, $"{kind}.pem");

    private static X500DistinguishedName Subject => new($"CN={TlsClient.Name}");

    private void WritePair(KeyKind kind, CertificateRequest request, AsymmetricAlgorithm key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(TlsClient.Name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(90));
        string certificateText = certificate.ExportCertificatePem() + "\n";
        string keyText = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(Certificate(kind), certificateText);
        WritePrivate(Key(kind), keyText);
        WritePrivate(Both(kind), certificateText + keyText);
    }

    private static void WritePrivate(string file, string text)
    {
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(file, text);
    }
}
