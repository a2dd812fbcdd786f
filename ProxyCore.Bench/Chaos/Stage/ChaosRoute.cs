using System.Net;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>A route of the proxy as the run sees it: where its clients connect, its servers, and what was done to them.</summary>
internal sealed class ChaosRoute(RouteScenario scenario, IPEndPoint endPoint, IReadOnlyList<ChaosServer> servers)
{
    private int _troubles;
    private int _closings;
    private volatile bool _isAway;

    internal RouteScenario Scenario { get; } = scenario;

    /// <summary>Where clients connect.</summary>
    internal IPEndPoint EndPoint { get; } = endPoint;

    internal IReadOnlyList<ChaosServer> Servers { get; } = servers;

    /// <summary>How many times a server was stopped or killed.</summary>
    internal int Troubles => Volatile.Read(ref _troubles);

    /// <summary>How many times the endpoint went away.</summary>
    internal int Closings => Volatile.Read(ref _closings);

    /// <summary>Whether a configuration without the endpoint may be at work.</summary>
    internal bool IsAway => _isAway;

    /// <summary>Called before a server is stopped or killed.</summary>
    internal void ExpectTrouble() => Interlocked.Increment(ref _troubles);

    /// <summary>Called before a configuration without the endpoint is written, and once one with it is applied.</summary>
    internal void SetAway(bool isAway)
    {
        Interlocked.Increment(ref _closings);
        _isAway = isAway;
    }
}
