using ProxyCore.Certificates;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>A change of the TLS of a proxy, prepared: to be applied, or abandoned. Any thread.</summary>
/// <param name="Settings">The settings to change to.</param>
/// <param name="Set">What speaks TLS afterwards.</param>
/// <param name="Source">Its certificates; null for none.</param>
/// <param name="Builder">Its contexts; null for none.</param>
internal sealed record TlsChange(ProxySettings? Settings, TlsSet Set, CertificateSource? Source, ContextBuilder? Builder)
{
    /// <summary>Nothing is prepared.</summary>
    internal static TlsChange None { get; } = new(Settings: null, TlsSet.Empty, Source: null, Builder: null);

    /// <summary>Drops what was prepared.</summary>
    internal void Abandon()
    {
        Builder?.Abandon();
        Source?.Dispose();
    }
}
