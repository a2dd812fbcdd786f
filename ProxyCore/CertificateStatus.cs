namespace ProxyCore;

/// <summary>A certificate that a <see cref="TcpProxy"/> uses, at one moment. Immutable. A test may make its own.</summary>
public sealed class CertificateStatus
{
    /// <summary>The file of the certificate: see <see cref="CertificateOptions.Certificate"/>.</summary>
    public required string File { get; init; }

    /// <summary>Whose it is, such as <c>CN=example.com</c>; empty when only its alternative names say that.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// The names that it is for: alternative names, or the common name where there are none. Lower case; a wildcard stands for
    /// one label.
    /// </summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Its serial number, hexadecimal.</summary>
    public required string Serial { get; init; }

    /// <summary>Since when it is valid, in UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>How long it is valid, in UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>How long it is still valid; negative when it has expired.</summary>
    public required TimeSpan TimeLeft { get; init; }

    /// <summary>
    /// Why its files can't be used as they are now: this certificate, read before, stays in use. Null if they can.
    /// </summary>
    public required string? Error { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => FormattableString.Invariant($"{File}: {Serial}, {Math.Floor(TimeLeft.TotalDays)} days left");
}
