using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Tests.Tls;

/// <summary>A certificate authority of its own, and the certificates that it issues. Valid from yesterday, for thirty days.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly List<TestCertificate> _issued = [];

    internal TestCertificates(string name = "Test CA")
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Root = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(60));
    }

    /// <summary>The kind of key that a certificate is made for.</summary>
    internal enum KeyKind
    {
        P256,
        Rsa2048,
        Rsa1024,
    }

    /// <summary>The certificate of the authority, with its key.</summary>
    internal X509Certificate2 Root { get; }

    /// <summary>The authority as a list of CAs, in DER.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Ca => [Root.RawData];

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Issues a server's certificate for names (the first is the common name, too) or addresses.</summary>
    internal TestCertificate Issue(params string[] names) => Issue(KeyKind.P256, names);

    /// <inheritdoc cref="Issue(string[])"/>
    internal TestCertificate Issue(KeyKind kind, params string[] names) => IssueUntil(Now.AddDays(30), kind, names);

    /// <summary>Issues a server's certificate that has expired.</summary>
    internal TestCertificate IssueExpired(params string[] names) => IssueUntil(Now.AddMinutes(-10), KeyKind.P256, names);

    /// <summary>Issues a client's certificate.</summary>
    /// <param name="subject">Its distinguished name, as <c>CN=worker, O=Example</c>.</param>
    internal TestCertificate IssueClient(string subject) =>
        Sign(subject, KeyKind.P256, Now.AddDays(30), "1.3.6.1.5.5.7.3.2", alternatives: null);

    public void Dispose()
    {
        _issued.ForEach(static one => one.Dispose());
        Root.Dispose();
    }

    private TestCertificate IssueUntil(DateTimeOffset end, KeyKind kind, string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        return Sign($"CN={names[0]}", kind, end, "1.3.6.1.5.5.7.3.1", alternatives);
    }

    private TestCertificate Sign(
        string subject, KeyKind kind, DateTimeOffset end, string purpose, SubjectAlternativeNameBuilder? alternatives)
    {
        AsymmetricAlgorithm key = kind switch
        {
            KeyKind.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            KeyKind.Rsa2048 => RSA.Create(2048),
            _ => RSA.Create(1024),
        };
        CertificateRequest request = key is ECDsa curve
            ? new CertificateRequest(new X500DistinguishedName(subject), curve, HashAlgorithmName.SHA256)
            : new CertificateRequest(new X500DistinguishedName(subject), (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        var generator = X509SignatureGenerator.CreateForECDsa(Root.GetECDsaPrivateKey()!);
        X509Certificate2 certificate = request.Create(Root.SubjectName, generator, Now.AddDays(-1), end, serial);
        var issued = new TestCertificate(certificate, Root, key);
        _issued.Add(issued);
        return issued;
    }
}

/// <summary>A certificate that was issued, in the forms that tests need.</summary>
internal sealed class TestCertificate : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly AsymmetricAlgorithm _key;

    internal TestCertificate(X509Certificate2 certificate, X509Certificate2 root, AsymmetricAlgorithm key)
    {
        _root = root;
        _key = key;
        using (certificate)
        {
            using X509Certificate2 joined = key is ECDsa curve ? certificate.CopyWithPrivateKey(curve) : certificate.CopyWithPrivateKey((RSA)key);

            // By way of PKCS #12: Windows does not take a key that has no container.
            Certificate = X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    /// <summary>With its key, for .NET's own TLS.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>With its key, for an engine.</summary>
    internal TlsIdentity Identity => new([Certificate.RawData], _key.ExportPkcs8PrivateKey());

    /// <summary>The certificate and its issuer, as PEM.</summary>
    internal string ChainPem => $"{Certificate.ExportCertificatePem()}\n{_root.ExportCertificatePem()}\n";

    /// <summary>The key, as PEM of PKCS #8.</summary>
    internal string KeyPem => $"{_key.ExportPkcs8PrivateKeyPem()}\n";

    /// <summary>Writes the chain and the key into files of <paramref name="folder"/>; their owner alone may read the key.</summary>
    internal (string Certificate, string Key) WriteTo(string folder, string name = "server")
    {
        string certificate = Path.Combine(folder, $"{name}.crt");
        string key = Path.Combine(folder, $"{name}.key");
        File.WriteAllText(certificate, ChainPem);
        File.WriteAllText(key, KeyPem);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return (certificate, key);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
