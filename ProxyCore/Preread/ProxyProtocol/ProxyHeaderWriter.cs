namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Writes the PROXY protocol header that begins a connection to an upstream. Allocates nothing.</summary>
internal static class ProxyHeaderWriter
{
    /// <summary>A header without TLVs is never longer.</summary>
    internal const int MaxLengthWithoutTlvs = Wire.MaxLine;

    /// <summary>No header is longer, whatever its content.</summary>
    internal const int MaxLength =
        Wire.PrefixLength + Wire.Tcp6Length + Version2Writer.MaxTlvLength + ProxyHeaderReader.LargestLimit;

    /// <summary>The length of the header; in version 1 the most that it can have.</summary>
    internal static int MeasureLength(in ProxyHeaderContent content) => content.Version == ProxyProtocolVersion.V1
        ? Wire.MaxLine
        : Version2Writer.MeasureLength(content);

    /// <summary>Writes the header and returns its length.</summary>
    /// <param name="destination">At least <see cref="MeasureLength"/> bytes.</param>
    /// <param name="content">What it says.</param>
    /// <exception cref="ArgumentException">The destination is too small.</exception>
    internal static int Write(Span<byte> destination, in ProxyHeaderContent content)
    {
        if (destination.Length < MeasureLength(content))
        {
            throw new ArgumentException("The destination is smaller than the header.", nameof(destination));
        }

        return content.Version == ProxyProtocolVersion.V1
            ? Version1Writer.Write(destination, content)
            : Version2Writer.Write(destination, content);
    }
}
