namespace ProxyCore;

/// <summary>The files with a certificate and its key.</summary>
/// <remarks>Each file is read again when it changes: certificate and key as a pair.</remarks>
public sealed class CertificateOptions
{
    /// <summary>
    /// The file with the certificate, and behind it those that have issued it: PEM, or PKCS #12, which has the key too. Required.
    /// </summary>
    public string Certificate { get; set; } = "";

    /// <summary>
    /// The file with the private key: PEM, PKCS #8 or of the traditional kind, perhaps encrypted. Default null: it is in
    /// <see cref="Certificate"/>.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>The file whose first line is the password of an encrypted key. Default null: the key is not encrypted.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The file of the certificate.</summary>
    public override string ToString() => Certificate;

    /// <summary>The same options in an object of its own.</summary>
    internal CertificateOptions Copy() => (CertificateOptions)MemberwiseClone();
}
