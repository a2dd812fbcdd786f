using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>How far a <see cref="TcpProxy"/> is in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProxyState>))]
public enum ProxyState
{
    /// <summary>Not started.</summary>
    Created = 0,

    /// <summary>Accepts clients.</summary>
    Running = 1,

    /// <summary>Accepts no more; the connections that are open finish.</summary>
    Draining = 2,

    /// <summary>Everything is released.</summary>
    Stopped = 3,
}
