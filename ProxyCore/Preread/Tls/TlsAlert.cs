namespace ProxyCore.Preread.Tls;

/// <summary>
/// Fatal alerts that answer a ClientHello, as whole records. They are plaintext in each version of TLS, because no keys exist
/// before the ServerHello.
/// </summary>
internal static class TlsAlert
{
    /// <summary>No route has the server name of the client (RFC 6066, section 3).</summary>
    internal static ReadOnlySpan<byte> UnrecognizedName => [0x15, 3, 1, 0, 2, 2, 112];

    private static ReadOnlySpan<byte> UnexpectedMessage => [0x15, 3, 1, 0, 2, 2, 10];

    private static ReadOnlySpan<byte> RecordOverflow => [0x15, 3, 1, 0, 2, 2, 22];

    private static ReadOnlySpan<byte> IllegalParameter => [0x15, 3, 1, 0, 2, 2, 47];

    private static ReadOnlySpan<byte> DecodeError => [0x15, 3, 1, 0, 2, 2, 50];

    private static ReadOnlySpan<byte> ProtocolVersion => [0x15, 3, 1, 0, 2, 2, 70];

    private static ReadOnlySpan<byte> InternalError => [0x15, 3, 1, 0, 2, 2, 80];

    /// <summary>The alert that RFC 8446, section 6.2 has for the fault.</summary>
    internal static ReadOnlySpan<byte> For(ClientHelloError error) => error switch
    {
        ClientHelloError.Ssl2 or ClientHelloError.RecordVersion => ProtocolVersion,
        ClientHelloError.RecordTooLong => RecordOverflow,
        ClientHelloError.EmptyRecord or ClientHelloError.OtherRecord or ClientHelloError.OtherMessage => UnexpectedMessage,

        // The limit is the proxy's own: the client has made no mistake.
        ClientHelloError.TooLong => InternalError,
        ClientHelloError.Fields or ClientHelloError.ServerNameList or ClientHelloError.AlpnList => DecodeError,
        ClientHelloError.DuplicateExtension
            or ClientHelloError.PreSharedKeyNotLast
            or ClientHelloError.SeveralServerNames
            or ClientHelloError.ServerName => IllegalParameter,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
