using System.Text;

namespace ProxyCore.Bench.Load;

/// <summary>What connections send.</summary>
internal static class Requests
{
    // Section 2.2 of the PROXY protocol's specification: the signature, version 2 and PROXY, TCP over IPv4, 12 bytes of addresses.
    private static ReadOnlySpan<byte> ProxyHeader =>
        [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 2, 0x30, 0x39, 0x01, 0xBB];

    /// <summary>The requests of <paramref name="kind"/>, to be sent in turn.</summary>
    internal static byte[][] Of(LoadKind kind) => kind switch
    {
        LoadKind.Bulk or LoadKind.TlsBulk => [Get("/bulk", keepAlive: true)],
        LoadKind.Connect or LoadKind.TlsConnect or LoadKind.TlsResume => [Get("/", keepAlive: false)],
        LoadKind.ConnectProxy => [[.. ProxyHeader, .. Get("/", keepAlive: false)]],
        LoadKind.ConnectName => [.. Enumerable.Range(0, CapturedHello.NameCount).Select(static number => CapturedHello.For(CapturedHello.Name(number)))],
        _ => [Get("/", keepAlive: true)],
    };

    private static byte[] Get(string path, bool keepAlive) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: {(keepAlive ? "keep-alive" : "close")}\r\n\r\n");
}
