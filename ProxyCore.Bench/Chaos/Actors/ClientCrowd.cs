using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Clients of all kinds, one transfer after the other each. What has begun when it is stopped goes on to its end.</summary>
internal sealed class ClientCrowd(ChaosStage stage, int clients) : IActor
{
    private const int MostPause = 60;

    public Task ActAsync(CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(client => ActAsync(RouteOf(client), new Random((stage.Seed * 1009) + client), stop)));

    // Each client stays with its route: else all of them would soon wait where it takes longest.
    private ChaosRoute RouteOf(int client)
    {
        ChaosRoute[] shares = [.. stage.Routes.SelectMany(static route => Enumerable.Repeat(route, route.Scenario.Clients))];
        return shares[client % shares.Length];
    }

    private async Task ActAsync(ChaosRoute route, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Account account = stage.Ledger.Begin(route.Scenario.Name, number => PlanMaker.Draw(random, route.Scenario, number));
            stage.Tally.Add($"transfers, {account.Plan.Kind}");
            await Client.PlayAsync(route, account, stage.Ledger);
            stage.Tally.Add("bytes of clients", account.Client!.Sent + account.Client.Received);
            await Task.Delay(random.Next(MostPause), CancellationToken.None);
        }
    }
}
