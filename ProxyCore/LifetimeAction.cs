using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>How a connection ends that has reached <see cref="RouteOptions.MaxLifetime"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LifetimeAction>))]
public enum LifetimeAction
{
    /// <summary>Both sides get a reset, so that they can tell a cut stream from a whole one.</summary>
    Reset = 0,

    /// <summary>
    /// Nothing more is read. Both sides get what the proxy holds for them, then a FIN. For protocols whose messages say
    /// themselves whether they are whole.
    /// </summary>
    Fin = 1,
}
