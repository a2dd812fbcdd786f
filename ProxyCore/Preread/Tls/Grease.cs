namespace ProxyCore.Preread.Tls;

/// <summary>Values without a meaning that clients mix in, so that servers keep ignoring what they do not know (RFC 8701).</summary>
internal static class Grease
{
    /// <summary>Whether an ALPN protocol is one of 0A0A, 1A1A … FAFA.</summary>
    internal static bool IsProtocol(ReadOnlySpan<byte> protocol) =>
        protocol is [byte first, byte second] && first == second && (first & 0xF) == 0xA;
}
