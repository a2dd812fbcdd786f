using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Platform;

namespace ProxyCore.Cli;

/// <summary>A new self-signed certificate for this machine, in a file that only its user can read; removed when disposed of.</summary>
internal sealed class LocalhostCertificate : IDisposable
{
    private const string Localhost = "localhost";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly TimeSpan _validity = TimeSpan.FromDays(30);

    // Its mode lets nobody else in.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxycore-");

    private LocalhostCertificate()
    {
    }

    /// <summary>The file: PEM, the certificate and behind it its key.</summary>
    internal string FileName => Path.Combine(_folder.FullName, "localhost.pem");

    /// <param name="now">When it begins to be valid, for 30 days.</param>
    /// <exception cref="IOException">The file can't be written, or OpenSSL can't be loaded.</exception>
    internal static LocalhostCertificate Create(DateTimeOffset now)
    {
        OpenSslLibrary.Require("--tls");
        var certificate = new LocalhostCertificate();
        try
        {
            certificate.Write(MakePem(now));
            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>A certificate and its key, as PEM.</summary>
    internal static string MakePem(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Localhost}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Localhost);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(now, now + _validity);
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has cleaned up already, or nothing more can be done.
        }
    }

    private void Write(string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!TargetSystem.IsWindows)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(FileName, options);
        writer.Write(pem);
    }
}
