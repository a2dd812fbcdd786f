namespace ProxyCore.Bench.Load;

/// <summary>What one run came to.</summary>
/// <param name="Requests">How many answers came while it measured; those of short connections with their connections.</param>
/// <param name="Bytes">How many bytes came while it measured.</param>
/// <param name="Seconds">How long it measured.</param>
/// <param name="P50">The median time from request to answer, in µs.</param>
/// <param name="P99">The 99th percentile, in µs.</param>
/// <param name="P999">The 99.9th percentile, in µs.</param>
/// <param name="Handshakes">How many TLS connections were opened while it measured.</param>
/// <param name="Negotiated">The TLS version, cipher suite and group that all connections had; null without TLS.</param>
internal sealed record LoadResult(
    long Requests, long Bytes, double Seconds, double P50, double P99, double P999, long Handshakes = 0, string? Negotiated = null);
