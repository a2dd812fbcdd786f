using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>Whether TLS clients are asked for a certificate.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClientCertificateMode>))]
public enum ClientCertificateMode
{
    /// <summary>They are not.</summary>
    None = 0,

    /// <summary>They are; one that sends none is served, one with a certificate that does not verify is refused.</summary>
    Optional = 1,

    /// <summary>They are, and one without a certificate that verifies is refused.</summary>
    Required = 2,
}
