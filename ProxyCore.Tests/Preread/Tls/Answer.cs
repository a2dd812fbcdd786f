using ProxyCore.Preread.Tls;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>All that a scan says about some bytes, in a form that can be compared.</summary>
internal sealed record Answer(
    ClientHelloStatus Status,
    ClientHelloError Error = ClientHelloError.None,
    string? Name = null,
    string? FirstAlpn = null,
    bool Encrypted = false,
    bool Early = false)
{
    internal static Answer To(ReadOnlySpan<byte> received, int limit = ClientHelloScan.DefaultLimit)
    {
        var scan = new ClientHelloScan(limit);
        return Of(scan.Read(received), scan);
    }

    /// <summary>The answer of a scan that reads up to each of these ends, and then everything.</summary>
    internal static Answer InPieces(byte[] received, IEnumerable<int> ends, int limit = ClientHelloScan.DefaultLimit)
    {
        var scan = new ClientHelloScan(limit);
        foreach (int end in ends)
        {
            scan.Read(received.AsSpan(0, end));
        }

        return Of(scan.Read(received), scan);
    }

    internal static Answer ByteByByte(byte[] received, int limit = ClientHelloScan.DefaultLimit) =>
        InPieces(received, Enumerable.Range(0, received.Length), limit);

    internal static Answer Invalid(ClientHelloError error) => new(ClientHelloStatus.Invalid, error);

    private static Answer Of(ClientHelloStatus status, ClientHelloScan scan)
    {
        Assert.That(scan.Hello is not null, Is.EqualTo(status == ClientHelloStatus.Complete));
        ClientHello? hello = scan.Hello;
        return new Answer(
            status,
            scan.Error,
            hello?.ServerName,
            hello?.FirstAlpn,
            hello?.HasEncryptedHello ?? false,
            hello?.HasEarlyData ?? false);
    }
}
