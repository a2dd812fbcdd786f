using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>Which connections a <see cref="Toxic"/> acts on, by when they began.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToxicScope>))]
public enum ToxicScope
{
    /// <summary>Those that are open when the toxic is added, and those that are accepted afterwards.</summary>
    All = 0,

    /// <summary>Only those that are accepted after the toxic was added.</summary>
    NewConnections = 1,

    /// <summary>Only those that are open when the toxic is added.</summary>
    OpenConnections = 2,
}
