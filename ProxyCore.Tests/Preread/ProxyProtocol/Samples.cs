using ProxyCore.Preread.ProxyProtocol;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>A header and what must be read from it.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Bytes">The header, or what is not one.</param>
/// <param name="Addresses">The addresses of a valid one, or that it keeps the real ones; null if it is invalid.</param>
/// <param name="Error">The fault of an invalid one.</param>
/// <param name="Certain">How many bytes of an invalid one must have come until that is certain.</param>
internal sealed record Sample(string Name, byte[] Bytes, string? Addresses, ProxyHeaderError Error, int Certain)
{
    public override string ToString() => Name;
}

/// <summary>Headers of both versions, valid and invalid.</summary>
internal static class Samples
{
    internal const string Pair4 = "192.0.2.1:56324 > 198.51.100.7:443";
    internal const string Pair6 = "[2001:db8::1]:56324 > [2001:db8::2]:443";
    internal const string Local = "local";

    private const string Six = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    internal static IEnumerable<Sample> All => [.. Valid, .. Invalid];

    internal static IEnumerable<Sample> Valid => [.. ValidLines, .. ValidBinary];

    internal static IEnumerable<Sample> Invalid => [.. InvalidLines, .. InvalidBinary];

    private static IEnumerable<Sample> ValidLines =>
    [
        Line("TCP4", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", Pair4),
        Line("the least and the greatest of TCP4", "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0:0 > 255.255.255.255:65535"),
        Line("TCP6", "PROXY TCP6 2001:db8::1 2001:db8::2 56324 443\r\n", Pair6),
        Line("TCP6 in capitals", "PROXY TCP6 2001:DB8::1 2001:Db8:0:0::2 56324 443\r\n", Pair6),
        Line("TCP6 of the greatest length", $"PROXY TCP6 {Six} {Six} 65535 65535\r\n", $"[{Six}]:65535 > [{Six}]:65535"),
        Line("both addresses IPv4-mapped", "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c633:6407 56324 443\r\n", Pair4),
        Line("one address IPv4-mapped", "PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 56324 443\r\n", "[::ffff:192.0.2.1]:56324 > [2001:db8::2]:443"),
        Line("UNKNOWN", "PROXY UNKNOWN\r\n", Local),
        Line("UNKNOWN with addresses", "PROXY UNKNOWN 192.0.2.1 198.51.100.7 56324 443\r\n", Local),
        Line("UNKNOWN with anything", "PROXY UNKNOWN \0\x1b  ?\r\n", Local),
        Line("UNKNOWN of 107 bytes", $"PROXY UNKNOWN {new string('x', 91)}\r\n", Local),
    ];

    private static IEnumerable<Sample> InvalidLines =>
    [
        Fault("another protocol", "G", "ET / HTTP/1.1\r\n\r\n", ProxyHeaderError.NotAHeader),
        Fault("TLS", "\x16", "\x03\x01\x02", ProxyHeaderError.NotAHeader),
        Fault("like version 1 at first", "PO", "ST / HTTP/1.1\r\n\r\n", ProxyHeaderError.NotAHeader),
        Fault("small letters", "p", "roxy TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.NotAHeader),
        Fault("no space after PROXY", "PROXY\r", "\n", ProxyHeaderError.NotAHeader),
        Fault("two spaces after PROXY", "PROXY  ", "TCP4 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Protocol),
        Fault("UDP4", "PROXY UD", "P4 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Protocol),
        Fault("TCP5", "PROXY TCP5", " 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Protocol),
        Fault("TCP46", "PROXY TCP46", " 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Protocol),
        Fault("a protocol in small letters", "PROXY t", "cp4 192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Protocol),
        Fault("TCP4 alone", "PROXY TCP4\r", "\n", ProxyHeaderError.Fields),
        Fault("UNKNOWN and a letter", "PROXY UNKNOWNS", "\r\n", ProxyHeaderError.Protocol),
        Fault("UNKNOWN and LF", "PROXY UNKNOWN\n", "", ProxyHeaderError.LineEnding),
        Fault("UNKNOWN and CR alone", "PROXY UNKNOWN\rx", "\r\n", ProxyHeaderError.LineEnding),
        Fault("a LF within UNKNOWN", "PROXY UNKNOWN a\n", "b\r\n", ProxyHeaderError.LineEnding),
        Fault("UNKNOWN of 108 bytes", $"PROXY UNKNOWN {new string('x', 92)}\r", "\n", ProxyHeaderError.LineTooLong),
        Fault("UNKNOWN without an end", $"PROXY UNKNOWN {new string('x', 93)}", new string('x', 5000), ProxyHeaderError.LineTooLong),
        Fault("two spaces before the source", "PROXY TCP4  ", "192.0.2.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Fields),
        Fault("two spaces between addresses", "PROXY TCP4 192.0.2.1  ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Fields),
        Fault("two spaces between ports", "PROXY TCP4 192.0.2.1 198.51.100.7 56324  ", "443\r\n", ProxyHeaderError.Fields),
        Fault("a space at the end", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 ", "\r\n", ProxyHeaderError.Fields),
        Fault("a field at the end", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443 ", "1\r\n", ProxyHeaderError.Fields),
        Fault("a tab for a space", "PROXY TCP4 192.0.2.1\t", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("no ports", "PROXY TCP4 192.0.2.1 198.51.100.7\r", "\n", ProxyHeaderError.Fields),
        Fault("one port", "PROXY TCP4 192.0.2.1 198.51.100.7 56324\r", "\n", ProxyHeaderError.Fields),
        Fault("a LF alone", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\n", "", ProxyHeaderError.LineEnding),
        Fault("a CR alone", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\rG", "ET /\r\n", ProxyHeaderError.LineEnding),
        Fault("a leading zero in an address", "PROXY TCP4 192.0.2.01 ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("an octet of 256", "PROXY TCP4 192.0.2.1 198.51.100.256 ", "56324 443\r\n", ProxyHeaderError.Address),
        Fault("three octets", "PROXY TCP4 192.0.2 ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("five octets", "PROXY TCP4 1.2.3.4.5 ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("a single number", "PROXY TCP4 3221225985 ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("a hexadecimal number", "PROXY TCP4 0x", "7f.0.0.1 198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("an endless address", "PROXY TCP4 1111111111111111", "1111", ProxyHeaderError.Address),
        Fault("a host name", "PROXY TCP4 l", "ocalhost 198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("TCP4 with IPv6", "PROXY TCP4 2001:", "db8::1 2001:db8::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("TCP6 with IPv4", "PROXY TCP6 192.0.2.1 ", "198.51.100.7 56324 443\r\n", ProxyHeaderError.Address),
        Fault("TCP6 with both families", "PROXY TCP6 2001:db8::1 127.0.0.1 ", "56324 443\r\n", ProxyHeaderError.Address),
        Fault("brackets", "PROXY TCP6 [", "2001:db8::1] [2001:db8::2] 56324 443\r\n", ProxyHeaderError.Address),
        Fault("a scope", "PROXY TCP6 fe80::1%", "1 fe80::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("two elisions", "PROXY TCP6 2001::db8::1 ", "2001:db8::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("seven groups", "PROXY TCP6 1:2:3:4:5:6:7 ", "2001:db8::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("nine groups", "PROXY TCP6 1:2:3:4:5:6:7:8:9 ", "2001:db8::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("a group of five digits", "PROXY TCP6 2001:0db80::1 ", "2001:db8::2 56324 443\r\n", ProxyHeaderError.Address),
        Fault("an endless IPv6 address", $"PROXY TCP6 {new string('1', 46)}", "1111", ProxyHeaderError.Address),
        Fault("port 65536", "PROXY TCP4 192.0.2.1 198.51.100.7 65536", " 443\r\n", ProxyHeaderError.Port),
        Fault("a port with a leading zero", "PROXY TCP4 192.0.2.1 198.51.100.7 05", "6324 443\r\n", ProxyHeaderError.Port),
        Fault("port 00", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 00", "\r\n", ProxyHeaderError.Port),
        Fault("a negative port", "PROXY TCP4 192.0.2.1 198.51.100.7 -", "1 443\r\n", ProxyHeaderError.Port),
        Fault("a port with a sign", "PROXY TCP4 192.0.2.1 198.51.100.7 56324 +", "443\r\n", ProxyHeaderError.Port),
        Fault("an endless port", "PROXY TCP4 192.0.2.1 198.51.100.7 111111", "1111", ProxyHeaderError.Port),
    ];

    private static IEnumerable<Sample> ValidBinary =>
    [
        Binary("TCP over IPv4", WithTlvs(), Pair4),
        Binary("TCP over IPv6", Version2(Proxy, 0x21, Block6), Pair6),
        Binary("both IPv4-mapped", Version2(Proxy, 0x21, Mapped(true)), Pair4),
        Binary("one IPv4-mapped", Version2(Proxy, 0x21, Mapped(false)), "[::ffff:192.0.2.1]:56324 > [2001:db8::2]:443"),
        Binary("LOCAL", Version2(HeaderBytes.Local, 0x00, []), Local),
        Binary("LOCAL with addresses", Version2(HeaderBytes.Local, 0x11, Block4), Local),
        Binary("LOCAL with less than addresses", Version2(HeaderBytes.Local, 0x11, [1, 2, 3]), Local),
        Binary("LOCAL of a datagram", Version2(HeaderBytes.Local, 0x12, Block4), Local),
        Binary("LOCAL of an unknown family", Version2(HeaderBytes.Local, 0xF7, []), Local),
        Binary("LOCAL with bytes that are no TLVs", Version2(HeaderBytes.Local, 0x00, [3, 0, 9, 9]), Local),
        Binary("UNSPEC", Version2(Proxy, 0x00, []), Local),
        Binary("UNSPEC with TLVs", Version2(Proxy, 0x00, Tlv(2, "a.example")), Local),
        Binary("a Unix socket", Version2(Proxy, 0x31, UnixBlock), Local),
        Binary("a Unix socket with TLVs", Version2(Proxy, 0x31, [.. UnixBlock, .. Tlv(2, "a.example")]), Local),
        Binary("all TLVs", AllTlvs(), Pair4),
        Binary("a right checksum", Sealed(WithTlvs(Tlv(2, "a.example"), EmptyChecksum())), Pair4),
        Binary("padding", WithTlvs(Tlv(4, new byte[7]), Tlv(4, [])), Pair4),
        Binary("empty TLVs", WithTlvs(Tlv(1, []), Tlv(2, []), Tlv(5, [])), Pair4),
        Binary("unknown TLVs", WithTlvs(Tlv(0xEA, [1, 2]), Tlv(0xFF, []), Tlv(0, [0])), Pair4),
        Binary("the longest authority", WithTlvs(Tlv(2, new string('a', 255))), Pair4),
        Binary("the longest unique id", WithTlvs(Tlv(5, new byte[128])), Pair4),
        Binary("no TLS in SSL", WithTlvs(Ssl(0, 1)), Pair4),
    ];

    private static IEnumerable<Sample> InvalidBinary =>
    [
        Fault("another signature", WithTlvs(), 11, 0x0D, ProxyHeaderError.NotAHeader),
        Fault("only a blank line", "\r\n\r\nG"u8.ToArray(), 5, ProxyHeaderError.NotAHeader),
        Fault("version 1 in binary", WithTlvs(), 12, 0x11, ProxyHeaderError.UnknownVersion),
        Fault("version 3", WithTlvs(), 12, 0x31, ProxyHeaderError.UnknownVersion),
        Fault("command 2", WithTlvs(), 12, 0x22, ProxyHeaderError.UnknownCommand),
        Fault("command 15", WithTlvs(), 12, 0x2F, ProxyHeaderError.UnknownCommand),
        Fault("UDP over IPv4", WithTlvs(), 13, 0x12, ProxyHeaderError.Datagram),
        Fault("UDP over IPv6", WithTlvs(), 13, 0x22, ProxyHeaderError.Datagram),
        Fault("a Unix datagram", WithTlvs(), 13, 0x32, ProxyHeaderError.Datagram),
        Fault("family 4", WithTlvs(), 13, 0x41, ProxyHeaderError.UnknownFamily),
        Fault("transport 3", WithTlvs(), 13, 0x13, ProxyHeaderError.UnknownFamily),
        Fault("IPv4 without a transport", WithTlvs(), 13, 0x10, ProxyHeaderError.UnknownFamily),
        Fault("a transport without a family", WithTlvs(), 13, 0x01, ProxyHeaderError.UnknownFamily),
        Fault("IPv4 addresses cut", Version2(Proxy, 0x11, Block4[..11]), 16, ProxyHeaderError.AddressesCut),
        Fault("IPv6 addresses cut", Version2(Proxy, 0x21, Block6[..35]), 16, ProxyHeaderError.AddressesCut),
        Fault("Unix addresses cut", Version2(Proxy, 0x31, UnixBlock[..215]), 16, ProxyHeaderError.AddressesCut),
        Fault("no addresses", Version2(Proxy, 0x11, []), 16, ProxyHeaderError.AddressesCut),
        Fault("over the limit", Version2(Proxy, 0x11, Block4, 4097), 16, ProxyHeaderError.TooLarge),
        Fault("LOCAL over the limit", Version2(HeaderBytes.Local, 0x00, [], 4097), 16, ProxyHeaderError.TooLarge),
        Fault("of 65535 bytes", Version2(Proxy, 0x11, new byte[65535]), 16, ProxyHeaderError.TooLarge),
        Fault("one byte left over", WithTlvs([4]), 16, ProxyHeaderError.TlvCut),
        Fault("two bytes left over", WithTlvs(Tlv(0xE0, [1]), [4, 0]), 31, ProxyHeaderError.TlvCut),
        Fault("a TLV over the end", WithTlvs(Tlv(0xE0, [1, 2], 3)), 31, ProxyHeaderError.TlvCut),
        Fault("a TLV far over the end", WithTlvs(Tlv(0xE0, new byte[300], 65535)), 31, ProxyHeaderError.TlvCut),
        Fault("a TLV over the end of UNSPEC", Version2(Proxy, 0x00, Tlv(0xE0, [1, 2], 3)), 19, ProxyHeaderError.TlvCut),
        Fault("an authority of 256 bytes", WithTlvs(Tlv(2, new string('a', 256))), 31, ProxyHeaderError.Authority),
        Fault("an authority that is no UTF-8", WithTlvs(Tlv(2, [0x61, 0xFF])), 33, ProxyHeaderError.Authority),
        Fault("a control character in an authority", WithTlvs(Tlv(2, "a\x1b[2J"), Tlv(1, "h2")), 36, ProxyHeaderError.Authority),
        Fault("a line end in an authority", WithTlvs(Tlv(2, "a\r\nb")), 35, ProxyHeaderError.Authority),
        Fault("a zero in an authority", WithTlvs(Tlv(2, "a\0b")), 34, ProxyHeaderError.Authority),
        Fault("a space in an authority", WithTlvs(Tlv(2, "a b")), 34, ProxyHeaderError.Authority),
        Fault("a direction mark in an authority", WithTlvs(Tlv(2, "a\u202Eb")), 36, ProxyHeaderError.Authority),
        Fault("a unique id of 129 bytes", WithTlvs(Tlv(5, new byte[129])), 31, ProxyHeaderError.UniqueId),
        Fault("SSL of four bytes", WithTlvs(Tlv(0x20, new byte[4])), 31, ProxyHeaderError.Ssl),
        Fault("TLS without a version", WithTlvs(Ssl(1, 0, Tlv(0x22, "client"))), 45, ProxyHeaderError.Ssl),
        Fault("TLS with an empty version", WithTlvs(Ssl(1, 0, Tlv(0x21, ""))), 39, ProxyHeaderError.Ssl),
        Fault("a sub-TLV over the end", WithTlvs(Ssl(1, 0, Tlv(0x21, "TLSv1.3"), Tlv(0x22, Text("x"), 2))), 50, ProxyHeaderError.Ssl),
        Fault("bytes left over in SSL", WithTlvs(Ssl(1, 0, Tlv(0x21, "TLSv1.3"), [0x22, 0])), 48, ProxyHeaderError.Ssl),
        Fault("a wrong checksum", WithTlvs(Tlv(3, [1, 2, 3, 4])), 35, ProxyHeaderError.Checksum),
        Fault("a checksum of zeros", WithTlvs(EmptyChecksum()), 35, ProxyHeaderError.Checksum),
        Fault("a checksum of three bytes", WithTlvs(Tlv(3, new byte[3])), 31, ProxyHeaderError.Checksum),
        Fault("two checksums", Sealed(WithTlvs(EmptyChecksum(), EmptyChecksum())), 38, ProxyHeaderError.Checksum),
        Fault("an address changed under a checksum", Sealed(WithTlvs(EmptyChecksum())), 16, 193, ProxyHeaderError.Checksum, 35),
    ];

    /// <summary>Each known TLV, some unknown ones, and a checksum.</summary>
    internal static byte[] AllTlvs() => Sealed(WithTlvs(
        Tlv(1, "h2"),
        Tlv(2, "münchen.example"),
        Tlv(5, [0, 1, 2, 0xFF]),
        Ssl(
            7,
            0,
            Tlv(0x21, "TLSv1.3"),
            Tlv(0x22, "Zoë Client"),
            Tlv(0x23, "TLS_AES_256_GCM_SHA384"),
            Tlv(0x24, "SHA256"),
            Tlv(0x25, "RSA2048"),
            Tlv(0x26, "X25519")),
        Tlv(0x30, "blue"),
        Tlv(4, new byte[3]),
        Tlv(0xEA, [1, 0x76]),
        EmptyChecksum()));

    private static byte[] Mapped(bool both)
    {
        byte[] prefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        byte[] destination = both ? [.. prefix, .. Block4[4..8]] : Block6[16..32];
        return [.. prefix, .. Block4[..4], .. destination, .. Block4[8..]];
    }

    private static Sample Line(string name, string line, string addresses) =>
        new($"v1: {name}", Text(line), addresses, ProxyHeaderError.None, 0);

    private static Sample Binary(string name, byte[] bytes, string addresses) =>
        new($"v2: {name}", bytes, addresses, ProxyHeaderError.None, 0);

    /// <summary>The last character of the first part is the one that makes it certain.</summary>
    private static Sample Fault(string name, string certain, string rest, ProxyHeaderError error) =>
        new($"v1: {name}", Text(certain + rest), null, error, Text(certain).Length);

    private static Sample Fault(string name, byte[] bytes, int certain, ProxyHeaderError error) =>
        new($"v2: {name}", bytes, null, error, certain);

    /// <summary>A valid header with one byte changed, which is known to be wrong at once or later.</summary>
    private static Sample Fault(string name, byte[] valid, int changed, byte value, ProxyHeaderError error, int? certain = null)
    {
        byte[] bytes = [.. valid];
        bytes[changed] = value;
        return Fault(name, bytes, certain ?? changed + 1, error);
    }
}
