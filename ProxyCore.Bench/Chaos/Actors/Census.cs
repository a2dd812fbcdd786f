using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Counts the connections of servers that have a maximum.</summary>
/// <remarks>
/// A server sees the end of a connection a little later than the proxy, which has given its place to another by then. So
/// only what lasts over several counts is more than the maximum.
/// </remarks>
internal sealed class Census(ChaosStage stage) : IActor
{
    internal const string OverMaximum = "servers that had more connections than their maximum for a quarter of a second";

    private const int Interval = 50;
    private const int Lasting = 5;

    public Task ActAsync(CancellationToken stop) => Task.WhenAll(
        from route in stage.Routes
        where route.Scenario.MaxConnections is not null
        from server in route.Servers
        select ActAsync(server, route.Scenario.MaxConnections!.Value, stop));

    private async Task ActAsync(ChaosServer server, int most, CancellationToken stop)
    {
        int over = 0;
        while (await Pause.ForAsync(Interval, stop))
        {
            over = server.Connections > most ? over + 1 : 0;
            if (over == Lasting)
            {
                stage.Tally.Add(OverMaximum);
            }
        }
    }
}
