using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>How a <see cref="Toxic"/> ends a connection.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ToxicEnd>))]
public enum ToxicEnd
{
    /// <summary>Both sides get a reset, at once; what was on its way is lost.</summary>
    Reset = 0,

    /// <summary>Both sides get a FIN, as if the other one had finished.</summary>
    Fin = 1,
}
