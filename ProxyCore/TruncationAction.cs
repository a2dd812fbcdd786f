using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>What follows when a TLS peer ends with a FIN and does not say by close_notify that it has sent all.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TruncationAction>))]
public enum TruncationAction
{
    /// <summary>The other side gets the end of the stream, as after close_notify: many clients and servers end so.</summary>
    Tolerate = 0,

    /// <summary>The other side gets a reset, so that it can tell a cut stream from a whole one.</summary>
    Reset = 1,
}
