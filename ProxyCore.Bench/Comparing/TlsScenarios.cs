using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Comparing;

/// <summary>What is compared of proxies that end TLS 1.3. Each certificate is P-256, except where the name says otherwise.</summary>
internal static class TlsScenarios
{
    internal const string Handshake = "tls-handshake";
    internal const string HandshakeRsa = "tls-handshake-rsa";
    internal const string Resumed = "tls-resumed";
    internal const string Bulk = "tls-bulk";
    internal const string Requests = "tls-requests";
    internal const string Idle = "tls-idle";
    internal const string Latency = "tls-latency";

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new(Handshake, "a full TLS handshake for each request, 16 at a time", LoadKind.TlsConnect, Busy: 16),
        new(HandshakeRsa, "the same with an RSA key of 2048 bits", LoadKind.TlsConnect, Busy: 16, Key: KeyKind.Rsa2048),
        new(Resumed, "a resumed TLS session for each request, 16 at a time", LoadKind.TlsResume, Busy: 16),
        new(Bulk, "one transfer of large bodies over TLS", LoadKind.TlsBulk, Busy: 1),
        new(Requests, "64 TLS connections, one request after the other on each", LoadKind.TlsRequests, Busy: 64),
        new(Idle, "500 TLS connections that are open and had one request each", LoadKind.TlsIdle, Busy: 0, Idle: 500),
        new(
            Latency,
            "64 plain connections share 5000 requests a second, beside 200 full TLS handshakes a second",
            LoadKind.TlsBesidePlain,
            Busy: 64,
            Rate: 5000,
            HandshakeRate: 200),
    ];

    /// <summary>The same in small.</summary>
    internal static IReadOnlyList<Scenario> Smoke { get; } =
    [
        new(Handshake, "a full TLS handshake for each request, 2 at a time", LoadKind.TlsConnect, Busy: 2),
        new(HandshakeRsa, "the same with an RSA key of 2048 bits", LoadKind.TlsConnect, Busy: 2, Key: KeyKind.Rsa2048),
        new(Resumed, "a resumed TLS session for each request, 2 at a time", LoadKind.TlsResume, Busy: 2),
        new(Bulk, "one transfer of large bodies over TLS", LoadKind.TlsBulk, Busy: 1),
        new(Requests, "4 TLS connections, one request after the other on each", LoadKind.TlsRequests, Busy: 4),
        new(Idle, "20 TLS connections that are open and had one request each", LoadKind.TlsIdle, Busy: 0, Idle: 20),
        new(
            Latency,
            "4 plain connections share 200 requests a second, beside 20 full TLS handshakes a second",
            LoadKind.TlsBesidePlain,
            Busy: 4,
            Rate: 200,
            HandshakeRate: 20),
    ];
}
