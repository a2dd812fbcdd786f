namespace ProxyCore.Settings;

/// <summary>Whether clients are asked for certificates. Immutable.</summary>
/// <param name="Mode">Whether they are.</param>
/// <param name="CaPath">The file with the certificates that may have issued them; null when they are not asked.</param>
internal sealed record ClientCertificateSettings(ClientCertificateMode Mode, string? CaPath)
{
    /// <summary>Clients are not asked.</summary>
    internal static ClientCertificateSettings None { get; } = new(ClientCertificateMode.None, CaPath: null);
}
