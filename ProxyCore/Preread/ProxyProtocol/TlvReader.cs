using System.Buffers.Binary;
using System.Net;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>
/// Reads the TLVs of a version 2 header, as far as they have come, and remembers where the known ones are. Of a type that is
/// there several times the first counts, as for nginx.
/// </summary>
/// <param name="received">What has come of the TLVs.</param>
/// <param name="declared">How many bytes they have in all.</param>
internal ref struct TlvReader(ReadOnlySpan<byte> received, int declared)
{
    private readonly ReadOnlySpan<byte> _received = received;
    private Range? _authority;
    private Range? _alpn;
    private Range? _uniqueId;
    private Range? _ssl;

    /// <summary>Where the value of the checksum is, from the first TLV; null if there is none.</summary>
    internal int? ChecksumAt { get; private set; }

    /// <summary>The first fault in what has come.</summary>
    internal ProxyHeaderError Read()
    {
        int at = 0;
        int left = declared;
        while (left > 0)
        {
            if (left < Wire.TlvPrefixLength)
            {
                return ProxyHeaderError.TlvCut;
            }

            if (_received.Length - at < Wire.TlvPrefixLength)
            {
                return ProxyHeaderError.None;
            }

            var type = (TlvType)_received[at];
            int length = BinaryPrimitives.ReadUInt16BigEndian(_received[(at + 1)..]);
            at += Wire.TlvPrefixLength;
            left -= Wire.TlvPrefixLength + length;
            ProxyHeaderError error = CheckPrefix(type, length, left);
            if (error != ProxyHeaderError.None || _received.Length - at < length)
            {
                return error;
            }

            error = TakeValue(type, at..(at + length));
            if (error != ProxyHeaderError.None)
            {
                return error;
            }

            at += length;
        }

        return ProxyHeaderError.None;
    }

    /// <summary>Once all TLVs have been read without a fault.</summary>
    internal readonly ProxyHeader MakeHeader(IPEndPoint? source, IPEndPoint? destination)
    {
        ReadOnlyMemory<byte> tlvs = _received.ToArray();
        return new ProxyHeader
        {
            Version = ProxyProtocolVersion.V2,
            Source = source,
            Destination = destination,
            Authority = _authority is Range authority ? SafeText.Read(tlvs.Span[authority]) : null,
            Alpn = _alpn is Range alpn ? tlvs[alpn] : default,
            UniqueId = _uniqueId is Range uniqueId ? tlvs[uniqueId] : default,
            Ssl = _ssl is Range ssl ? SslTlv.Read(tlvs.Span[ssl]) : null,
            Tlvs = tlvs,
        };
    }

    /// <summary>What is wrong as soon as the length of a TLV is known, and with it what is left for the next ones.</summary>
    private readonly ProxyHeaderError CheckPrefix(TlvType type, int length, int left) => type switch
    {
        _ when left < 0 || left is > 0 and < Wire.TlvPrefixLength => ProxyHeaderError.TlvCut,
        TlvType.Authority when length > Wire.MaxAuthority => ProxyHeaderError.Authority,
        TlvType.UniqueId when length > Wire.MaxUniqueId => ProxyHeaderError.UniqueId,
        TlvType.Crc32C when length != Crc32C.Length || ChecksumAt is not null => ProxyHeaderError.Checksum,
        TlvType.Ssl when length < Wire.SslPrefixLength => ProxyHeaderError.Ssl,
        _ => ProxyHeaderError.None,
    };

    private ProxyHeaderError TakeValue(TlvType type, Range range)
    {
        ReadOnlySpan<byte> value = _received[range];
        switch (type)
        {
            case TlvType.Authority:
                _authority ??= range;
                return value.IsEmpty || SafeText.IsName(value) ? ProxyHeaderError.None : ProxyHeaderError.Authority;
            case TlvType.Alpn:
                _alpn ??= value.Length <= Wire.MaxAlpn ? range : null;
                return ProxyHeaderError.None;
            case TlvType.UniqueId:
                _uniqueId ??= range;
                return ProxyHeaderError.None;
            case TlvType.Ssl:
                _ssl ??= range;
                return SslTlv.IsValid(value) ? ProxyHeaderError.None : ProxyHeaderError.Ssl;
            case TlvType.Crc32C:
                ChecksumAt = range.Start.Value;
                return ProxyHeaderError.None;
            default:
                return ProxyHeaderError.None;
        }
    }
}
