using ProxyCore.Bench.Chaos.Transfers;
using static ProxyCore.Bench.Chaos.Transfers.TransferKind;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>The routes of the run.</summary>
internal static class RouteScenarios
{
    /// <summary>The route that gets other names while clients wait in its queue.</summary>
    internal const string Queue = "queue";

    /// <summary>The route whose endpoint goes away and comes back.</summary>
    internal const string Moving = "moving";

    /// <summary>The route whose endpoint is written in ways that overlap.</summary>
    internal const string Overlapping = "overlapping";

    private static readonly TransferKind[] _all =
    [
        BothWays, BothWays, BothWays, Requests, Requests, Requests, ClientFinishesFirst, ClientFinishesFirst, ServerFinishesFirst,
        ServerFinishesFirst, ClientResets, ServerResets, ClientLeaves,
    ];

    private static readonly TransferKind[] _whole = [BothWays, Requests, ClientFinishesFirst, ServerFinishesFirst];

    private static readonly Dictionary<string, object> _connectCheck = new() { ["Interval"] = "300ms", ["Fall"] = 2 };

    private static readonly Dictionary<string, object> _pingCheck = new()
    {
        ["Interval"] = "300ms",
        ["Fall"] = 2,
        ["Send"] = "PING\r\n",
        ["Expect"] = "+PONG",
    };

    internal static IReadOnlyList<RouteScenario> All { get; } =
    [
        new("pool", Servers: 3, ServerTrouble.AllButFirst, _all)
        {
            Clients = 3,
            MostBytes = 4 * 1024 * 1024,
            Settings = new Dictionary<string, object> { ["HealthCheck"] = _connectCheck },
        },
        new("checked", Servers: 3, ServerTrouble.AllButFirst, _all)
        {
            Clients = 2,
            Settings = new Dictionary<string, object> { ["Balancing"] = "LeastConnections", ["HealthCheck"] = _pingCheck },
        },
        // So few places for so many clients that some always wait.
        new(Queue, Servers: 2, ServerTrouble.None, [.. _whole, Requests, Requests, ClientLeaves, ClientResets])
        {
            Clients = 4,
            MaxConnections = 2,
            MostBytes = 256 * 1024,
            Settings = new Dictionary<string, object> { ["QueueTimeout"] = "30s" },
        },
        new("restarted", Servers: 2, ServerTrouble.AllForAMoment, [.. _whole, ClientLeaves]),
        new("banner", Servers: 1, ServerTrouble.None, [.. _whole, ServerResets, ClientLeaves]) { SpeaksFirst = true },
        new(Moving, Servers: 1, ServerTrouble.None, _whole),
        new(Overlapping, Servers: 2, ServerTrouble.None, [.. _whole, ClientResets])
        {
            Settings = new Dictionary<string, object> { ["Balancing"] = "RandomOfTwo" },
        },
    ];
}
