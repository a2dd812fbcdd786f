namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>
/// The bytes that each end must send. Both know them, so every byte is compared as it arrives, also of a transfer that
/// is cut later. This is more than a checksum, which tells something only about whole transfers.
/// </summary>
internal static class Pattern
{
    // A prime: no buffer size divides it, so a block that is lost or sent twice never matches what follows.
    private const int Period = 1_048_573;

    private static readonly byte[] _bytes = Make();

    /// <summary>The bytes of <paramref name="stream"/> from <paramref name="position"/>: one or more, at most <paramref name="most"/>.</summary>
    internal static ReadOnlyMemory<byte> At(int stream, long position, int most)
    {
        int start = (int)((((long)stream * 7919) + position) % Period);
        return _bytes.AsMemory(start, Math.Min(most, Period - start));
    }

    /// <summary>Whether <paramref name="bytes"/> are those of <paramref name="stream"/> from <paramref name="position"/>.</summary>
    internal static bool Matches(int stream, long position, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            ReadOnlySpan<byte> expected = At(stream, position, bytes.Length).Span;
            if (!bytes[..expected.Length].SequenceEqual(expected))
            {
                return false;
            }

            bytes = bytes[expected.Length..];
            position += expected.Length;
        }

        return true;
    }

    private static byte[] Make()
    {
        var bytes = new byte[Period];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
