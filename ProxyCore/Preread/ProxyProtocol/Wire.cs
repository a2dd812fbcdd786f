namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>
/// The numbers of both versions, from <c>doc/proxy-protocol.txt</c> of HAProxy (2026/04/27). Those of more than one byte are
/// in network byte order.
/// </summary>
internal static class Wire
{
    /// <summary>The most bytes of a version 1 header, with CR LF.</summary>
    internal const int MaxLine = 107;

    /// <summary>What every version 2 header has: signature, command, family, length.</summary>
    internal const int PrefixLength = 16;

    internal const int CommandOffset = 12;
    internal const int FamilyOffset = 13;
    internal const int LengthOffset = 14;

    internal const int Version2 = 2;
    internal const int Local = 0;
    internal const int Proxy = 1;

    internal const byte Unspecified = 0x00;
    internal const byte Tcp4 = 0x11;
    internal const byte Tcp6 = 0x21;
    internal const byte UnixStream = 0x31;
    internal const byte Udp4 = 0x12;
    internal const byte Udp6 = 0x22;
    internal const byte UnixDatagram = 0x32;

    internal const int Address4Length = 4;
    internal const int Address6Length = 16;
    internal const int Tcp4Length = (2 * Address4Length) + 2 + 2;
    internal const int Tcp6Length = (2 * Address6Length) + 2 + 2;
    internal const int UnixLength = 108 + 108;

    /// <summary>Type and length of a TLV.</summary>
    internal const int TlvPrefixLength = 3;

    /// <summary>What an SSL TLV begins with: the client's flags, the result of the verification.</summary>
    internal const int SslPrefixLength = 5;

    internal const int MaxAuthority = 255;

    /// <summary>As in a ClientHello, where one byte holds its length.</summary>
    internal const int MaxAlpn = 255;

    internal const int MaxUniqueId = 128;

    /// <summary>The twelve bytes with which version 2 begins.</summary>
    internal static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;
}

/// <summary>Types of TLVs, and of the sub-TLVs of <see cref="Ssl"/>.</summary>
internal enum TlvType : byte
{
    Alpn = 0x01,
    Authority = 0x02,
    Crc32C = 0x03,
    Padding = 0x04,
    UniqueId = 0x05,
    Ssl = 0x20,
    SslVersion = 0x21,
    SslCommonName = 0x22,
    SslCipher = 0x23,
    SslSignatureAlgorithm = 0x24,
    SslKeyAlgorithm = 0x25,
}
