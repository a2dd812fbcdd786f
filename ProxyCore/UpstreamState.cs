using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>Whether an upstream gets connections. Later versions may have more states.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamState>))]
public enum UpstreamState : byte
{
    /// <summary>It does.</summary>
    Up = 0,

    /// <summary>It does not for a while: connects failed, see <see cref="PassiveHealthOptions"/>.</summary>
    Out = 1,

    /// <summary>It was out, and one connection tries it.</summary>
    OnTrial = 2,

    /// <summary>It does not: its checks fail, see <see cref="HealthCheckOptions"/>.</summary>
    Down = 3,

    /// <summary>
    /// It does not: its name has not been resolved yet, or its source has found no server. It has one row, under its name, and no
    /// connections.
    /// </summary>
    Unresolved = 4,

    /// <summary>
    /// It does not, and finishes those that it has: the options name it no more, or the look-up of its name has other
    /// addresses now.
    /// </summary>
    Draining = 5,
}
