namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Faults of headers in words.</summary>
internal static class ProxyHeaderErrors
{
    /// <summary>The fault as the end of a sentence: "the PROXY protocol header is invalid: …".</summary>
    internal static string Describe(this ProxyHeaderError error) => error switch
    {
        ProxyHeaderError.None => "no fault",
        ProxyHeaderError.NotAHeader => "the first bytes are not those of a PROXY protocol header",
        ProxyHeaderError.Version1NotAccepted => "it begins like version 1, which this listener does not accept",
        ProxyHeaderError.Version2NotAccepted => "it begins like version 2, which this listener does not accept",
        ProxyHeaderError.LineTooLong => "the line of version 1 does not end within 107 bytes",
        ProxyHeaderError.LineEnding => "the line has a CR or LF alone, not CR LF together",
        ProxyHeaderError.Protocol => "the protocol is neither TCP4 nor TCP6 nor UNKNOWN",
        ProxyHeaderError.Fields => "a field of the line is missing or left over, or not separated by exactly one space",
        ProxyHeaderError.Address => "an address is not a valid one of the announced family",
        ProxyHeaderError.Port => "a port is not a number from 0 to 65535 without leading zeros",
        ProxyHeaderError.UnknownVersion => "the version after the binary signature is not 2",
        ProxyHeaderError.UnknownCommand => "the command is neither LOCAL nor PROXY",
        ProxyHeaderError.UnknownFamily => "the address family or the transport is unknown",
        ProxyHeaderError.Datagram => "it announces a datagram, but this is a stream",
        ProxyHeaderError.TooLarge => "it is larger than the limit",
        ProxyHeaderError.AddressesCut => "it is too short for the addresses of its family",
        ProxyHeaderError.TlvCut => "a TLV does not fit into the header, or bytes are left over after the last one",
        ProxyHeaderError.Authority => "the authority TLV is longer than 255 bytes or not a host name",
        ProxyHeaderError.UniqueId => "the unique id TLV is longer than 128 bytes",
        ProxyHeaderError.Ssl => "the SSL TLV is cut, or announces TLS without its version",
        ProxyHeaderError.Checksum => "the CRC32C checksum is wrong",
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };
}
