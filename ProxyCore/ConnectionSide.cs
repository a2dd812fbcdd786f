using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>One of the two ends of a connection.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConnectionSide>))]
public enum ConnectionSide
{
    /// <summary>The one that connected to the proxy.</summary>
    [JsonStringEnumMemberName("client")]
    Client = 0,

    /// <summary>The server that the proxy connected to, or tried to.</summary>
    [JsonStringEnumMemberName("upstream")]
    Upstream = 1,
}
