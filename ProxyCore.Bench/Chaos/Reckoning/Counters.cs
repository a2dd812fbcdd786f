namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>The metrics that the run reckons with.</summary>
internal static class Counters
{
    internal const string Accepted = "proxycore_accepted_connections_total";
    internal const string Ended = "proxycore_ended_connections_total";
    internal const string Active = "proxycore_active_connections";
    internal const string Bytes = "proxycore_io_bytes_total";
    internal const string Dropped = "proxycore_access_log_dropped_total";
}
