using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>What an operator has decided about an upstream, beside its health: see <see cref="TcpProxy.SetUpstreamAsync"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamAdministration>))]
public enum UpstreamAdministration
{
    /// <summary>It gets connections as its health allows.</summary>
    Ready = 0,

    /// <summary>It gets no new connections, keeps those that it has, and is checked on.</summary>
    Drain = 1,

    /// <summary>The same, and it is not checked either.</summary>
    Disabled = 2,
}
