namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Why bytes are not a valid PROXY protocol header; the first fault in the order of the bytes.</summary>
internal enum ProxyHeaderError
{
    None,

    /// <summary>Neither version begins so.</summary>
    NotAHeader,

    /// <summary>The first byte is that of version 1, which the listener does not accept.</summary>
    Version1NotAccepted,

    /// <summary>The first byte is that of version 2, which the listener does not accept.</summary>
    Version2NotAccepted,

    /// <summary>Version 1: no end of the line within 107 bytes.</summary>
    LineTooLong,

    /// <summary>Version 1: a CR or LF alone.</summary>
    LineEnding,

    /// <summary>Version 1: neither TCP4 nor TCP6 nor UNKNOWN.</summary>
    Protocol,

    /// <summary>Version 1: a field is missing, is left over, or is not separated by one space.</summary>
    Fields,

    /// <summary>Version 1: an address is not one of the announced family, written in full.</summary>
    Address,

    /// <summary>Version 1: a port is not a decimal number from 0 to 65535 without leading zeros.</summary>
    Port,

    /// <summary>Version 2: the signature is followed by another version than 2.</summary>
    UnknownVersion,

    /// <summary>Version 2: neither LOCAL nor PROXY.</summary>
    UnknownCommand,

    /// <summary>Version 2: an address family and a transport that do not belong together or are not known.</summary>
    UnknownFamily,

    /// <summary>Version 2: the addresses of a datagram, on a stream.</summary>
    Datagram,

    /// <summary>Version 2: larger than the limit of the listener.</summary>
    TooLarge,

    /// <summary>Version 2: the length leaves no room for the addresses of the family.</summary>
    AddressesCut,

    /// <summary>Version 2: a TLV ends after the header, or bytes are left over that are too few for one.</summary>
    TlvCut,

    /// <summary>Version 2: the authority is longer than 255 bytes, or not a name.</summary>
    Authority,

    /// <summary>Version 2: the unique id is longer than 128 bytes.</summary>
    UniqueId,

    /// <summary>Version 2: the TLV about TLS is cut, or says TLS without its version.</summary>
    Ssl,

    /// <summary>Version 2: the CRC32C is wrong, is not 4 bytes, or is there twice.</summary>
    Checksum,
}
