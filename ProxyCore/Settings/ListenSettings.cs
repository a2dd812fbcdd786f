namespace ProxyCore.Settings;

/// <summary>What is configured of one listening endpoint. Immutable.</summary>
/// <param name="Endpoint">Where clients connect to.</param>
internal sealed record ListenSettings(ProxyEndpoint Endpoint)
{
    /// <summary>From which senders PROXY protocol headers are taken; null for none.</summary>
    internal ProxyProtocolSettings? ProxyProtocol { get; init; }

    /// <summary>How the TLS of clients is ended; null when it is not.</summary>
    internal ListenTlsSettings? Tls { get; init; }

    /// <summary>The most bytes of a TLS hello.</summary>
    internal int PrereadLimit { get; init; }

    /// <summary>How long a TLS hello may take.</summary>
    internal TimeSpan PrereadTimeout { get; init; }

    /// <summary>The most bytes that all clients together hold while they are read.</summary>
    internal int PrereadMemory { get; init; }

    /// <summary>What a TLS client gets that has no route.</summary>
    internal NoRouteAction OnNoRoute { get; init; }

    /// <summary>How fast clients are accepted; null is as fast as they come.</summary>
    internal Rate? MaxConnectionRate { get; init; }
}
