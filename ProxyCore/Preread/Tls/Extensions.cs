namespace ProxyCore.Preread.Tls;

/// <summary>Where the extensions are that a proxy uses. All others are only counted: none may come twice.</summary>
internal ref struct Extensions
{
    private const int Types = ushort.MaxValue + 1;
    private const int BitsOfWord = 64;
    private const byte OuterHello = 0;

    internal ReadOnlySpan<byte> ServerName;
    internal ReadOnlySpan<byte> Alpn;

    internal bool HasServerName { get; private set; }

    internal bool HasAlpn { get; private set; }

    internal bool HasEncryptedHello { get; private set; }

    internal bool HasEarlyData { get; private set; }

    private enum Type : ushort
    {
        ServerName = 0,
        Alpn = 16,
        PreSharedKey = 41,
        EarlyData = 42,
        EncryptedClientHello = 0xFE0D,
    }

    internal ClientHelloError Collect(ReadOnlySpan<byte> extensions)
    {
        // One bit for each type: a client can send thousands, and comparing each with each would cost it little and us much.
        Span<ulong> seen = stackalloc ulong[Types / BitsOfWord];
        seen.Clear();
        for (var reader = new FieldReader(extensions); !reader.IsEmpty;)
        {
            if (!reader.TryTakeUInt16(out ushort type) || !reader.TryTakeVector16(out ReadOnlySpan<byte> data))
            {
                return ClientHelloError.Fields;
            }

            ref ulong word = ref seen[type / BitsOfWord];
            ulong bit = 1UL << (type % BitsOfWord);
            if ((word & bit) != 0)
            {
                return ClientHelloError.DuplicateExtension;
            }

            word |= bit;
            if ((Type)type == Type.PreSharedKey && !reader.IsEmpty)
            {
                return ClientHelloError.PreSharedKeyNotLast;
            }

            Note((Type)type, data);
        }

        return ClientHelloError.None;
    }

    private void Note(Type type, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case Type.ServerName:
                ServerName = data;
                HasServerName = true;
                break;
            case Type.Alpn:
                Alpn = data;
                HasAlpn = true;
                break;
            case Type.EarlyData:
                HasEarlyData = true;
                break;
            case Type.EncryptedClientHello:
                // The inner form marks a ClientHello that a provider has decrypted already (RFC 9849, section 5).
                HasEncryptedHello = data is [OuterHello, ..];
                break;
        }
    }
}
