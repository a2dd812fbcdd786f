using System.Text.Json.Serialization;

namespace ProxyCore;

/// <summary>What a TLS client gets whose server name neither a route nor a certificate has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnknownNameAction>))]
public enum UnknownNameAction
{
    /// <summary>The default route, with the first certificate.</summary>
    Default = 0,

    /// <summary>The TLS alert <c>unrecognized_name</c>, and a close.</summary>
    Reject = 1,
}
