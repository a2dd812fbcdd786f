using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Preread.ProxyProtocol;

/// <summary>All that the reader says about some bytes, in a form that can be compared.</summary>
/// <param name="Status">Whether there is a header.</param>
/// <param name="Error">The fault, if any.</param>
/// <param name="Length">The bytes of the header.</param>
/// <param name="Text">The whole header as text; empty if there is none.</param>
internal sealed record Answer(ProxyHeaderStatus Status, ProxyHeaderError Error, int Length, string Text)
{
    internal static Answer To(
        ReadOnlySpan<byte> bytes, ProxyVersions versions = ProxyVersions.Both, int limit = ProxyHeaderReader.DefaultLimit)
    {
        ProxyHeaderStatus status = ProxyHeaderReader.Read(
            bytes, versions, limit, out ProxyHeader? header, out int length, out ProxyHeaderError error);
        return new Answer(status, error, length, header is null ? "" : Describe(header));
    }

    /// <summary>The answer of a reader that gets the bytes in pieces, and asks after each, until it knows.</summary>
    internal static Answer InPieces(byte[] bytes, int limit, params ReadOnlySpan<int> ends)
    {
        foreach (int end in ends)
        {
            Answer answer = To(bytes.AsSpan(0, end), limit: limit);
            if (answer.Status != ProxyHeaderStatus.NeedMore)
            {
                return answer;
            }
        }

        return To(bytes, limit: limit);
    }

    /// <summary>The header of bytes that must be a valid one.</summary>
    internal static ProxyHeader Header(ReadOnlySpan<byte> bytes, int limit = ProxyHeaderReader.DefaultLimit)
    {
        ProxyHeaderStatus status = ProxyHeaderReader.Read(
            bytes, ProxyVersions.Both, limit, out ProxyHeader? header, out _, out ProxyHeaderError error);
        Assert.That((status, error), Is.EqualTo((ProxyHeaderStatus.Complete, ProxyHeaderError.None)));
        return header!;
    }

    internal static string Addresses(ProxyHeader header) => header.IsLocal ? "local" : $"{header.Source} > {header.Destination}";

    private static string Describe(ProxyHeader header) => string.Join(
        ' ',
        header.Version,
        Addresses(header),
        header.Authority,
        Convert.ToHexString(header.Alpn.Span),
        Convert.ToHexString(header.UniqueId.Span),
        header.Ssl is ProxySsl ssl ? $"{ssl with { Others = default }} {Convert.ToHexString(ssl.Others.Span)}" : "",
        Convert.ToHexString(header.Tlvs.Span));
}
