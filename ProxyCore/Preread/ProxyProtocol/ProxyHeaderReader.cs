using ProxyCore.Settings;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>
/// Reads the PROXY protocol header with which a connection begins. It keeps nothing between calls: the answer depends on the
/// bytes alone, so a header in many pieces gets the answer that it gets in one. Allocates only for a complete header.
/// </summary>
/// <remarks>
/// A header that is invalid is so at the first byte that no valid one has there; within an address of version 1, at the
/// byte after it. Longer prefixes of the same bytes are invalid with the same error.
/// </remarks>
internal static class ProxyHeaderReader
{
    /// <summary>The limit that listeners have by default: 4 KB after what each version 2 header begins with.</summary>
    internal const int DefaultLimit = Wire.PrefixLength + 4096;

    /// <summary>The least limit that makes sense: any header without TLVs fits, and so does each of version 1.</summary>
    internal const int LeastLimit = 536;

    /// <summary>
    /// The largest limit. What came in within it can be sent on in a header of its own (<see cref="ProxyHeaderWriter"/>),
    /// whose length has two bytes.
    /// </summary>
    internal const int LargestLimit = Wire.PrefixLength + (32 * 1024);

    /// <param name="received">Everything received on the connection so far, from its first byte.</param>
    /// <param name="versions">The versions that are accepted.</param>
    /// <param name="limit">
    /// The most bytes of a header, at most <see cref="LargestLimit"/>. As many bytes are never answered with
    /// <see cref="ProxyHeaderStatus.NeedMore"/>.
    /// </param>
    /// <param name="header">The header; null unless complete.</param>
    /// <param name="length">The length of the header: what follows is the client's. 0 unless complete.</param>
    /// <param name="error">The fault; none unless invalid.</param>
    internal static ProxyHeaderStatus Read(
        ReadOnlySpan<byte> received,
        ProxyVersions versions,
        int limit,
        out ProxyHeader? header,
        out int length,
        out ProxyHeaderError error)
    {
        header = null;
        length = 0;
        error = ProxyHeaderError.None;
        limit = Math.Min(limit, LargestLimit);
        received = received[..Math.Min(received.Length, limit)];
        if (!received.IsEmpty)
        {
            bool acceptsV1 = (versions & ProxyVersions.V1) != 0;
            bool acceptsV2 = (versions & ProxyVersions.V2) != 0;
            error = received[0] switch
            {
                (byte)'P' when acceptsV1 => Version1Reader.Read(received, limit, out header, out length),
                (byte)'P' => ProxyHeaderError.Version1NotAccepted,
                (byte)'\r' when acceptsV2 => Version2Reader.Read(received, limit, out header, out length),
                (byte)'\r' => ProxyHeaderError.Version2NotAccepted,
                _ => ProxyHeaderError.NotAHeader,
            };
        }

        return error != ProxyHeaderError.None ? ProxyHeaderStatus.Invalid
            : header is null ? ProxyHeaderStatus.NeedMore
            : ProxyHeaderStatus.Complete;
    }
}
