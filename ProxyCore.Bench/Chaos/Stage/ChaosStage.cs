using System.Net;
using System.Net.Sockets;
using ProxyCore.Bench.Chaos.Reckoning;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>All that the actors of a run share.</summary>
internal sealed class ChaosStage : IDisposable
{
    private readonly Socket _taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal ChaosStage(string folder, int seed)
    {
        Folder = folder;
        Seed = seed;
        AccessLogs = new AccessLogFolder(Path.Combine(folder, "log"), Ledger);
        _taken.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.4"), 0));
        _taken.Listen();
        int servers = 0;
        Routes = [.. RouteScenarios.All.Select(scenario => new ChaosRoute(
            scenario,
            FreeEndPoint(scenario.Name),
            [.. Enumerable.Range(0, scenario.Servers).Select(_ => new ChaosServer(servers++, scenario, Ledger, Tally))]))];
        Base = new Configuration([.. Routes.Select(RouteEntry.Of)]) { AccessLog = AccessLogs.Current };
    }

    internal string Folder { get; }

    internal int Seed { get; }

    internal Ledger Ledger { get; } = new();

    internal Tally Tally { get; } = new();

    internal AccessLogFolder AccessLogs { get; }

    internal IReadOnlyList<ChaosRoute> Routes { get; }

    /// <summary>The configuration that the run begins and ends with.</summary>
    internal Configuration Base { get; }

    /// <summary>An endpoint that another socket listens on.</summary>
    internal string TakenEndpoint => $"{_taken.LocalEndPoint}";

    internal ChaosRoute Route(string name) => Routes.First(route => route.Scenario.Name == name);

    public void Dispose()
    {
        _taken.Dispose();
        foreach (ChaosServer server in Routes.SelectMany(static route => route.Servers))
        {
            server.Dispose();
        }
    }

    // Only the overlapping endpoint needs 127.0.0.1. On an address of their own the others are never taken by a connection
    // of the proxy, which comes from 127.0.0.1, while they are away.
    private static IPEndPoint FreeEndPoint(string route)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(route == RouteScenarios.Overlapping ? IPAddress.Loopback : IPAddress.Parse("127.0.0.3"), 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
