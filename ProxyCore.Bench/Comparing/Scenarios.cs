using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Comparing;

/// <summary>What is compared.</summary>
internal static class Scenarios
{
    private static readonly Features _limits = new() { HasLimits = true };
    private static readonly Features _threads = new() { IsOfThreads = true };

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new("busy-1", "1 connection, one request after the other", LoadKind.Requests, Busy: 1),
        new("busy-64", "64 connections, one request after the other on each", LoadKind.Requests, Busy: 64),
        new("busy-1000", "1000 connections, one request after the other on each", LoadKind.Requests, Busy: 1000),
        new("idle-4500", "64 busy connections beside 4500 idle ones", LoadKind.Requests, Busy: 64, Idle: 4500),
        new("sparse", "4000 connections share 8000 requests a second, sent at that rate", LoadKind.Schedule, Busy: 4000, Rate: 8000),
        new("bulk-1", "one transfer of large bodies", LoadKind.Bulk, Busy: 1),
        new("bulk-4", "four transfers of large bodies", LoadKind.Bulk, Busy: 4),
        new("connect", "a connection for each request, 32 at a time", LoadKind.Connect, Busy: 32),
        new("connect-proxy", "the same with PROXY headers of version 2, taken and sent", LoadKind.ConnectProxy, Busy: 32),
        new("connect-sni", "a TLS hello on each connection, its server name chooses one of 20 routes, 32 at a time", LoadKind.ConnectName, Busy: 32),
        new("busy-limits", "64 busy connections, where 1000 denied ranges and limits for each client are configured", LoadKind.Requests, Busy: 64) { Features = _limits },
        new("connect-limits", "a connection for each request, 32 at a time, which passes the same lists and limits", LoadKind.Connect, Busy: 32) { Features = _limits },
        new("busy-toxic", "64 busy connections, with a toxic each way that delays by 0 ms", LoadKind.Requests, Busy: 64) { Features = Toxic(0) },
        new("connect-toxic", "a connection for each request, 32 at a time, with the same toxics", LoadKind.Connect, Busy: 32) { Features = Toxic(0) },
        new("sparse-toxic", "5000 connections share 5000 requests a second, and answers are delayed by 100 ms", LoadKind.Schedule, Busy: 5000, Rate: 5000) { Features = Toxic(100) },
        new("busy-threads", "1000 busy connections, with one thread and with two", LoadKind.Requests, Busy: 1000) { Features = _threads },
        new("connect-threads", "a connection for each request, 32 at a time, with one thread and with two", LoadKind.Connect, Busy: 32) { Features = _threads },
        .. TlsScenarios.All.Select(static scenario => scenario with { OnlyWhenNamed = true }),
    ];

    /// <summary>One of each kind of load, small: they show that everything works, not how fast it is.</summary>
    internal static IReadOnlyList<Scenario> Smoke { get; } =
    [
        new("idle-50", "4 busy connections beside 50 idle ones", LoadKind.Requests, Busy: 4, Idle: 50),
        new("sparse", "20 connections share 200 requests a second", LoadKind.Schedule, Busy: 20, Rate: 200),
        new("bulk-1", "one transfer of large bodies", LoadKind.Bulk, Busy: 1),
        new("connect", "a connection for each request, 4 at a time", LoadKind.Connect, Busy: 4),
        new("connect-proxy", "the same with PROXY headers of version 2, taken and sent", LoadKind.ConnectProxy, Busy: 4),
        new("connect-sni", "a TLS hello on each connection, its server name chooses one of 20 routes, 4 at a time", LoadKind.ConnectName, Busy: 4),
        new("connect-limits", "a connection for each request, 4 at a time, through lists and limits", LoadKind.Connect, Busy: 4) { Features = _limits },
        new("busy-toxic", "4 busy connections, with a toxic each way that delays by 0 ms", LoadKind.Requests, Busy: 4) { Features = Toxic(0) },
        new("busy-threads", "4 busy connections, with one thread and with two", LoadKind.Requests, Busy: 4) { Features = _threads },
        .. TlsScenarios.Smoke.Select(static scenario => scenario with { OnlyWhenNamed = scenario.Name != TlsScenarios.Handshake }),
    ];

    private static Features Toxic(int latency) => new() { Latency = latency };
}
