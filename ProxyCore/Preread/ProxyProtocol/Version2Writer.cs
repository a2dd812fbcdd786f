using System.Buffers.Binary;
using System.Text;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Writes version 2. A header without a destination is only measured.</summary>
internal ref struct Version2Writer
{
    /// <summary>The most bytes of sub-TLVs that <see cref="ProxySsl"/> has no member for.</summary>
    internal const int MaxOtherSubTlvs = 4096;

    /// <summary>The most bytes of what this proxy writes itself, without the received TLVs.</summary>
    internal const int MaxTlvLength =
        (Wire.TlvPrefixLength + Wire.MaxAuthority)
        + (Wire.TlvPrefixLength + Wire.MaxAlpn)
        + (Wire.TlvPrefixLength + Wire.MaxUniqueId)
        + (Wire.TlvPrefixLength + Wire.SslPrefixLength + (5 * (Wire.TlvPrefixLength + ProxySsl.MaxTextLength)) + MaxOtherSubTlvs)
        + (Wire.TlvPrefixLength + Crc32C.Length);

    private readonly Span<byte> _destination;
    private readonly bool _measures;
    private int _length;

    private Version2Writer(Span<byte> destination, bool measures)
    {
        _destination = destination;
        _measures = measures;
    }

    internal static int MeasureLength(in ProxyHeaderContent content)
    {
        var writer = new Version2Writer(default, measures: true);
        writer.WriteHeader(content);
        return writer._length;
    }

    internal static int Write(Span<byte> destination, in ProxyHeaderContent content)
    {
        var writer = new Version2Writer(destination, measures: false);
        writer.WriteHeader(content);
        return writer._length;
    }

    private void WriteHeader(in ProxyHeaderContent content)
    {
        AddressBlock? addresses = AddressBlock.Of(content);
        Append(Wire.Signature);
        AppendByte((Wire.Version2 << 4) | (addresses is null ? Wire.Local : Wire.Proxy));
        AppendByte(addresses is null ? Wire.Unspecified : addresses.Value.IsIPv6 ? Wire.Tcp6 : Wire.Tcp4);
        int lengthAt = AppendPlace(sizeof(ushort));
        if (addresses is not null)
        {
            AppendAddresses(addresses.Value);
        }

        AppendTlvs(content);
        bool hasChecksum = Has(content.Tlvs, ProxyTlvs.Crc32C);
        int checksumAt = hasChecksum ? AppendChecksumPlace() : 0;
        WriteShort(lengthAt, _length - Wire.PrefixLength);
        if (hasChecksum && !_measures)
        {
            // Over the whole header, and so over its length, too.
            uint checksum = Crc32C.ComputeWithout(_destination[.._length], checksumAt);
            BinaryPrimitives.WriteUInt32BigEndian(_destination[checksumAt..], checksum);
        }
    }

    private void AppendAddresses(in AddressBlock addresses)
    {
        Span<byte> buffer = stackalloc byte[Wire.Address6Length];
        Append(addresses.SourceBytes(buffer));
        Append(addresses.DestinationBytes(buffer));
        AppendShort(addresses.SourcePort);
        AppendShort(addresses.DestinationPort);
    }

    /// <summary>The received ones come after those written anew, and the checksum after all.</summary>
    private void AppendTlvs(in ProxyHeaderContent content)
    {
        ProxyTlvs written = WrittenAnew(content);
        if (Has(written, ProxyTlvs.Alpn))
        {
            AppendTlv(TlvType.Alpn, content.Alpn.Span);
        }

        if (Has(written, ProxyTlvs.Authority))
        {
            AppendText(TlvType.Authority, content.Authority);
        }

        if (Has(written, ProxyTlvs.UniqueId))
        {
            AppendTlv(TlvType.UniqueId, content.UniqueId.Span);
        }

        if (Has(written, ProxyTlvs.Ssl))
        {
            AppendSsl(content.Ssl!);
        }

        if (Has(content.Tlvs, ProxyTlvs.Received) && content.Received.Length <= ProxyHeaderReader.LargestLimit)
        {
            AppendReceived(content.Received.Span, written);
        }
    }

    /// <summary>The chosen values that are known and not too long.</summary>
    private static ProxyTlvs WrittenAnew(in ProxyHeaderContent content)
    {
        ProxyTlvs known = ProxyTlvs.None;
        known |= Fits(content.Alpn, Wire.MaxAlpn) ? ProxyTlvs.Alpn : ProxyTlvs.None;
        known |= Fits(content.Authority, Wire.MaxAuthority) ? ProxyTlvs.Authority : ProxyTlvs.None;
        known |= Fits(content.UniqueId, Wire.MaxUniqueId) ? ProxyTlvs.UniqueId : ProxyTlvs.None;
        known |= content.Ssl is null ? ProxyTlvs.None : ProxyTlvs.Ssl;
        return known & content.Tlvs;
    }

    /// <summary>A checksum is of the header it came in, and padding has no meaning.</summary>
    private void AppendReceived(ReadOnlySpan<byte> received, ProxyTlvs written)
    {
        var tlvs = new TlvEnumerator(received);
        while (tlvs.MoveNext())
        {
            bool isDropped = tlvs.Type switch
            {
                TlvType.Crc32C or TlvType.Padding => true,
                TlvType.Alpn => Has(written, ProxyTlvs.Alpn),
                TlvType.Authority => Has(written, ProxyTlvs.Authority),
                TlvType.UniqueId => Has(written, ProxyTlvs.UniqueId),
                TlvType.Ssl => Has(written, ProxyTlvs.Ssl),
                _ => false,
            };
            if (!isDropped)
            {
                Append(tlvs.Whole);
            }
        }
    }

    private void AppendSsl(ProxySsl ssl)
    {
        AppendByte((byte)TlvType.Ssl);
        int lengthAt = AppendPlace(sizeof(ushort));
        AppendByte((byte)ssl.Client);
        AppendShort((int)(ssl.Verify >> 16));
        AppendShort((int)(ssl.Verify & 0xFFFF));
        AppendText(TlvType.SslVersion, ssl.Version);
        AppendText(TlvType.SslCommonName, ssl.CommonName);
        AppendText(TlvType.SslCipher, ssl.Cipher);
        AppendText(TlvType.SslSignatureAlgorithm, ssl.SignatureAlgorithm);
        AppendText(TlvType.SslKeyAlgorithm, ssl.KeyAlgorithm);
        if (ssl.Others.Length <= MaxOtherSubTlvs)
        {
            Append(ssl.Others.Span);
        }

        WriteShort(lengthAt, _length - lengthAt - sizeof(ushort));
    }

    /// <returns>Where the checksum belongs.</returns>
    private int AppendChecksumPlace()
    {
        AppendByte((byte)TlvType.Crc32C);
        AppendShort(Crc32C.Length);
        return AppendPlace(Crc32C.Length);
    }

    // Enum.HasFlag allocates in code that is not optimized.
    private static bool Has(ProxyTlvs tlvs, ProxyTlvs one) => (tlvs & one) != 0;

    private static bool Fits(ReadOnlyMemory<byte> value, int most) => !value.IsEmpty && value.Length <= most;

    private static bool Fits(string? text, int most) => !string.IsNullOrEmpty(text) && Encoding.UTF8.GetByteCount(text) <= most;

    private void AppendText(TlvType type, string? text)
    {
        if (!Fits(text, ProxySsl.MaxTextLength))
        {
            return;
        }

        int count = Encoding.UTF8.GetByteCount(text!);
        AppendByte((byte)type);
        AppendShort(count);
        int at = AppendPlace(count);
        if (!_measures)
        {
            Encoding.UTF8.GetBytes(text, _destination[at..]);
        }
    }

    private void AppendTlv(TlvType type, scoped ReadOnlySpan<byte> value)
    {
        AppendByte((byte)type);
        AppendShort(value.Length);
        Append(value);
    }

    private void AppendByte(int value) => Append([(byte)value]);

    private void AppendShort(int value) => WriteShort(AppendPlace(sizeof(ushort)), value);

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        int at = AppendPlace(bytes.Length);
        if (!_measures)
        {
            bytes.CopyTo(_destination[at..]);
        }
    }

    private readonly void WriteShort(int at, int value)
    {
        if (!_measures)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_destination[at..], (ushort)value);
        }
    }

    /// <summary>Room for bytes that are written later; what the destination held is still there.</summary>
    private int AppendPlace(int count)
    {
        int at = _length;
        _length += count;
        return at;
    }
}
