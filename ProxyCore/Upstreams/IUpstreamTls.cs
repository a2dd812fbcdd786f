using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>The TLS of an upstream, made ready. A member has it, so that a connection that was granted the member has it too.</summary>
internal interface IUpstreamTls
{
    /// <summary>How it is spoken.</summary>
    UpstreamTlsSettings Settings { get; }
}
