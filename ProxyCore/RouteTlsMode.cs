using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>What a route does with the TLS of its clients, on endpoints that end TLS.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RouteTlsMode>))]
public enum RouteTlsMode
{
    /// <summary>The proxy ends it: upstreams get the plain bytes.</summary>
    Terminate = 0,

    /// <summary>It is passed on to the upstream as it is.</summary>
    Passthrough = 1,
}
