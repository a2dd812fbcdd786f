using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>How far a <see cref="TcpProxy"/> is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProxyState>))]
public enum ProxyState
{
    /// <summary>Not started.</summary>
    Created,

    /// <summary>Accepts clients.</summary>
    Running,

    /// <summary>Accepts no more; the connections that are open finish.</summary>
    Draining,

    /// <summary>Everything is released.</summary>
    Stopped,
}
