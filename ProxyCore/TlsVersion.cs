using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>A version of TLS.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsVersion>))]
public enum TlsVersion
{
    /// <summary>Version 1.2, of 2008.</summary>
    [JsonStringEnumMemberName("1.2")]
    Tls12 = 0,

    /// <summary>Version 1.3, of 2018.</summary>
    [JsonStringEnumMemberName("1.3")]
    Tls13 = 1,
}
