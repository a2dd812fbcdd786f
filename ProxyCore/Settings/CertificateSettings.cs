namespace ProxyCore.Settings;

/// <summary>The files with a certificate and its key. Immutable.</summary>
/// <param name="CertificatePath">The file with the certificate.</param>
/// <param name="KeyPath">The file with the key; null when it is the same.</param>
/// <param name="PasswordPath">The file with the password of the key; null for none.</param>
internal sealed record CertificateSettings(string CertificatePath, string? KeyPath, string? PasswordPath);
