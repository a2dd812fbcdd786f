using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>Whether an upstream gets connections.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamState>))]
public enum UpstreamState : byte
{
    /// <summary>It does.</summary>
    Up,

    /// <summary>It does not for a while: connects failed, see <see cref="PassiveHealthOptions"/>.</summary>
    Out,

    /// <summary>It was out, and one connection tries it.</summary>
    OnTrial,

    /// <summary>It does not: its checks fail, see <see cref="HealthCheckOptions"/>.</summary>
    Down,
}
