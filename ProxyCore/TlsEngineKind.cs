using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>The implementation of TLS that a proxy uses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsEngineKind>))]
public enum TlsEngineKind
{
    /// <summary><see cref="OpenSsl"/> on Linux, where libssl 3 can be loaded; else <see cref="SslStream"/>.</summary>
    Auto = 0,

    /// <summary>OpenSSL 3, called directly. Linux only; the start fails where it can't be loaded.</summary>
    OpenSsl = 1,

    /// <summary>.NET's own <see cref="System.Net.Security.SslStream"/>, on each system. It takes more memory and processor time.</summary>
    SslStream = 2,
}
