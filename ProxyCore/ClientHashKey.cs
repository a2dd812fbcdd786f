using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>By what <see cref="BalancingNames.ClientHash"/> tells clients apart.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClientHashKey>))]
public enum ClientHashKey
{
    /// <summary>By their address, without its port.</summary>
    Address = 0,

    /// <summary>
    /// By the server name of their TLS hello, so that all clients of one name come to the same upstream; those without a name
    /// by their address. The hello of every client of the endpoint is read for it, within
    /// <see cref="ListenOptions.PrereadTimeout"/>.
    /// </summary>
    ServerName = 1,

    /// <summary>
    /// By the value of a TLV in their PROXY header of version 2 (<see cref="RouteOptions.HashTlv"/>), so that all clients with the
    /// same value come to the same upstream; those without it by their address.
    /// </summary>
    ProxyTlv = 2,
}
