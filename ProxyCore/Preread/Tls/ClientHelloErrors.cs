namespace ProxyCore.Preread.Tls;

/// <summary>Faults of a ClientHello in words.</summary>
internal static class ClientHelloErrors
{
    /// <summary>The fault as the end of a sentence: "the ClientHello is invalid: …".</summary>
    internal static string Describe(this ClientHelloError error) => error switch
    {
        ClientHelloError.None => "no fault",
        ClientHelloError.Ssl2 => "it has the form of SSL 2.0",
        ClientHelloError.RecordVersion => "the major version of a record is not 3",
        ClientHelloError.RecordTooLong => "a record is longer than 16384 bytes",
        ClientHelloError.EmptyRecord => "a record is empty",
        ClientHelloError.OtherRecord => "a record of another type comes before its end",
        ClientHelloError.OtherMessage => "the first handshake message is of another type",
        ClientHelloError.TooLong => "it is longer than the limit, or split into too many records",
        ClientHelloError.Fields => "a field is cut, has a wrong length, or bytes are left over after the last one",
        ClientHelloError.DuplicateExtension => "it has the same extension twice",
        ClientHelloError.PreSharedKeyNotLast => "the pre_shared_key extension is not the last one",
        ClientHelloError.ServerNameList => "the server_name extension is malformed",
        ClientHelloError.SeveralServerNames => "it has more than one server name",
        ClientHelloError.ServerName => "the server name is not a host name",
        ClientHelloError.AlpnList => "the ALPN extension is malformed",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
