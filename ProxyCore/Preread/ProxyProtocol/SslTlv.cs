using System.Buffers.Binary;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>The value of an SSL TLV: flags, the result of the verification, sub-TLVs.</summary>
internal static class SslTlv
{
    /// <summary>
    /// Whether the sub-TLVs fill the value exactly, and TLS comes with its version. The value has its first five bytes.
    /// </summary>
    internal static bool IsValid(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> block = value[Wire.SslPrefixLength..];
        var subs = new TlvEnumerator(block);
        while (subs.MoveNext())
        {
        }

        bool needsVersion = ((ProxySslClient)value[0] & ProxySslClient.OverTls) != 0;
        return subs.IsAtEnd && (!needsVersion || SafeText.IsText(Find(block, TlvType.SslVersion)));
    }

    /// <summary>Reads a valid one, into memory of its own.</summary>
    internal static ProxySsl Read(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> block = value[Wire.SslPrefixLength..];
        return new ProxySsl((ProxySslClient)value[0], BinaryPrimitives.ReadUInt32BigEndian(value[1..]))
        {
            Version = SafeText.Read(Find(block, TlvType.SslVersion)),
            CommonName = SafeText.Read(Find(block, TlvType.SslCommonName)),
            Cipher = SafeText.Read(Find(block, TlvType.SslCipher)),
            SignatureAlgorithm = SafeText.Read(Find(block, TlvType.SslSignatureAlgorithm)),
            KeyAlgorithm = SafeText.Read(Find(block, TlvType.SslKeyAlgorithm)),
            Others = CopyOthers(block),
        };
    }

    /// <summary>Whether <see cref="ProxySsl"/> has a member for it.</summary>
    private static bool IsNamed(TlvType type) => type is >= TlvType.SslVersion and <= TlvType.SslKeyAlgorithm;

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> block, TlvType type)
    {
        var subs = new TlvEnumerator(block);
        while (subs.MoveNext())
        {
            if (subs.Type == type)
            {
                return subs.Value;
            }
        }

        return [];
    }

    private static byte[] CopyOthers(ReadOnlySpan<byte> block)
    {
        byte[] others = new byte[block.Length];
        int length = 0;
        var subs = new TlvEnumerator(block);
        while (subs.MoveNext())
        {
            if (!IsNamed(subs.Type))
            {
                subs.Whole.CopyTo(others.AsSpan(length));
                length += subs.Whole.Length;
            }
        }

        return others[..length];
    }
}
