using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>All that is known of one transfer: its plan, what both ends tell, and the proxy's line about it.</summary>
/// <remarks>Client, server and log reader each write what is theirs; the verdict reads it when all have.</remarks>
internal sealed class Account(TransferPlan plan, string route)
{
    private volatile EndReport? _client;
    private volatile EndReport? _server;
    private volatile AccessLogLine? _line;
    private int _servers;
    private int _lines;

    internal TransferPlan Plan { get; } = plan;

    /// <summary>The route that the client used, by the name that it has in the run.</summary>
    internal string Route { get; } = route;

    /// <summary>What the client tells at its end.</summary>
    internal EndReport? Client { get => _client; set => _client = value; }

    /// <summary>What the server tells at its end; null while it is served, and when it never was.</summary>
    internal EndReport? Server { get => _server; set => _server = value; }

    /// <summary>The line of the access log; the last, should there be several.</summary>
    internal AccessLogLine? Line => _line;

    /// <summary>How many servers were told of it.</summary>
    internal int Servers => _servers;

    /// <summary>How many lines the access log has about it.</summary>
    internal int Lines => _lines;

    /// <summary>Whether it was ended through the admin API.</summary>
    internal bool IsEndedByApi { get; set; }

    /// <summary>Whether an upstream of its route was stopped or killed while it lasted.</summary>
    internal bool MetUpstreamTrouble { get; set; }

    /// <summary>Whether the endpoint was away, or went away, while the client connected.</summary>
    internal bool MetClosedEndpoint { get; set; }

    /// <summary>Whether it came in the moment in which its endpoint was closed, so that the proxy never saw it.</summary>
    internal bool IsLostWithEndpoint =>
        MetClosedEndpoint && Client?.End == EndOfTransfer.Reset && Servers == 0 && Lines == 0;

    /// <summary>Whether a server of another route was told of it.</summary>
    internal bool IsMisrouted { get; private set; }

    /// <summary>Called when a server receives it, with the route that the server belongs to.</summary>
    internal void AddServer(string route)
    {
        IsMisrouted |= route != Route;
        Interlocked.Increment(ref _servers);
    }

    internal void Add(AccessLogLine line)
    {
        _line = line;
        Interlocked.Increment(ref _lines);
    }
}
