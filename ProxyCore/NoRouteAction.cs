using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>What a TLS client gets that has no route: its server name belongs to none, and there is no default.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoRouteAction>))]
public enum NoRouteAction
{
    /// <summary>The TLS alert <c>unrecognized_name</c>, and a close.</summary>
    Alert = 0,

    /// <summary>A close, without a byte: a scanner learns nothing.</summary>
    Close = 1,
}
