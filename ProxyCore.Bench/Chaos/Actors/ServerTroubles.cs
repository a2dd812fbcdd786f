using System.Net.Sockets;
using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Stops and kills servers, and starts them again.</summary>
internal sealed class ServerTroubles(ChaosStage stage) : IActor
{
    // A client tries at once, after 0.2 s and after 1.2 s: two outages that are closer may use up its rounds.
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(1.5);

    internal const string PortTaken = "starts of servers that found their port taken";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public Task ActAsync(CancellationToken stop) => Task.WhenAll(
        stage.Routes
            .Where(static route => route.Scenario.Trouble != ServerTrouble.None)
            .Select((route, index) => ActAsync(route, new Random(~stage.Seed + index), stop)));

    private async Task ActAsync(ChaosRoute route, Random random, CancellationToken stop)
    {
        while (await Pause.ForAsync(random.Next(500, 3000), stop))
        {
            if (route.Scenario.Trouble == ServerTrouble.AllForAMoment)
            {
                await StopAsync(route, route.Servers, random.Next(200, 900));
                await Task.Delay(_apart, CancellationToken.None);
                continue;
            }

            ChaosServer server = route.Servers[random.Next(1, route.Servers.Count)];
            if (random.Next(2) == 0)
            {
                await StopAsync(route, [server], random.Next(200, 2000));
                continue;
            }

            route.ExpectTrouble();
            server.Kill();
            stage.Tally.Add("servers killed");
            await Task.Delay(random.Next(200, 2000), CancellationToken.None);
            await StartAsync(server);
        }
    }

    private async Task StopAsync(ChaosRoute route, IReadOnlyList<ChaosServer> servers, int milliseconds)
    {
        route.ExpectTrouble();
        foreach (ChaosServer server in servers)
        {
            server.Stop();
            stage.Tally.Add("servers stopped");
        }

        await Task.Delay(milliseconds, CancellationToken.None);
        foreach (ChaosServer server in servers)
        {
            await StartAsync(server);
        }
    }

    // Its port is free unless somebody took it meanwhile; that is an error of the run or of the proxy, and not to be missed.
    private async Task StartAsync(ChaosServer server)
    {
        for (long deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds; ;)
        {
            try
            {
                server.Start();
                stage.Tally.Add("servers started again");
                return;
            }
            catch (SocketException) when (Environment.TickCount64 < deadline)
            {
                stage.Tally.Add(PortTaken);
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }
}
