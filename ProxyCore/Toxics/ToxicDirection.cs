using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>The direction whose bytes a <see cref="Toxic"/> acts on. The words are those of toxiproxy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToxicDirection>))]
public enum ToxicDirection
{
    /// <summary>From the upstream to the client.</summary>
    [JsonStringEnumMemberName("downstream")]
    Downstream = 0,

    /// <summary>From the client to the upstream.</summary>
    [JsonStringEnumMemberName("upstream")]
    Upstream = 1,
}
