using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>How an upstream is asked for TLS.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StartTlsMode>))]
public enum StartTlsMode
{
    /// <summary>Not at all: TLS begins with the first byte.</summary>
    None = 0,

    /// <summary>By PostgreSQL's SSLRequest.</summary>
    Postgres = 1,
}
