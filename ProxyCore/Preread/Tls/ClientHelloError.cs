namespace ProxyCore.Preread.Tls;

/// <summary>Why bytes that begin like TLS are not a valid ClientHello.</summary>
internal enum ClientHelloError
{
    None,

    /// <summary>A ClientHello in the form of SSL 2.0, which has no server name.</summary>
    Ssl2,

    /// <summary>The major version of a record is not 3.</summary>
    RecordVersion,

    /// <summary>A record announces more than 16384 bytes.</summary>
    RecordTooLong,

    /// <summary>A handshake record has no content. A client could send such records without end.</summary>
    EmptyRecord,

    /// <summary>A record of another type comes before the ClientHello is complete.</summary>
    OtherRecord,

    /// <summary>The first handshake message is not a ClientHello.</summary>
    OtherMessage,

    /// <summary>The ClientHello is longer than the limit, or takes too many records.</summary>
    TooLong,

    /// <summary>A field ends after the part of the message that holds it, or bytes are left over.</summary>
    Fields,

    /// <summary>The same extension comes twice. The proxy could read the one, and the upstream the other.</summary>
    DuplicateExtension,

    /// <summary>An extension follows the pre-shared key.</summary>
    PreSharedKeyNotLast,

    /// <summary>The server_name extension is empty, cut, or has bytes left over.</summary>
    ServerNameList,

    /// <summary>More than one host name.</summary>
    SeveralServerNames,

    /// <summary>The server name is not the name of a host.</summary>
    ServerName,

    /// <summary>The ALPN extension is empty, cut, or has bytes left over.</summary>
    AlpnList,
}
