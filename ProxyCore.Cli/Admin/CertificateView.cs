namespace ProxyCore.Cli.Admin;

/// <summary>A certificate in use.</summary>
internal sealed record CertificateView(
    string File, string Subject, IReadOnlyList<string> Names, string Serial, double LeftSeconds, string? Error)
{
    internal static CertificateView Of(CertificateStatus certificate) => new(
        certificate.File,
        certificate.Subject,
        certificate.Names,
        certificate.Serial,
        certificate.TimeLeft.TotalSeconds,
        certificate.Error);
}
