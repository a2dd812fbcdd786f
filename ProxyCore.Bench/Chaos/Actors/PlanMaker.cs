using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Draws what a transfer is like.</summary>
internal static class PlanMaker
{
    // A slow reader waits before each read of at most 64 KB; so a megabyte takes it a fifth of a second or more.
    private const int SlowReaderPause = 10;
    private const int MostOfSlowReader = 1024 * 1024;

    internal static TransferPlan Draw(Random random, RouteScenario scenario, int number)
    {
        TransferKind kind = scenario.Kinds[random.Next(scenario.Kinds.Count)];
        return kind switch
        {
            TransferKind.Requests => DrawRequests(random, number),
            TransferKind.ClientLeaves => new TransferPlan(number, kind, 1024, 1024, ClientPause: random.Next(60)),
            _ => DrawBulk(random, scenario, kind, number),
        };
    }

    private static TransferPlan DrawRequests(Random random, int number)
    {
        int rounds = random.Next(1, 50);
        return new TransferPlan(
            number, TransferKind.Requests, rounds * random.Next(1, 2000), rounds * random.Next(1, 8000), rounds, ClientPause: random.Next(20));
    }

    private static TransferPlan DrawBulk(Random random, RouteScenario scenario, TransferKind kind, int number)
    {
        bool isClientSlow = random.Next(8) == 0;
        bool isServerSlow = random.Next(8) == 0;
        int most = isClientSlow || isServerSlow ? Math.Min(MostOfSlowReader, scenario.MostBytes) : scenario.MostBytes;
        return new TransferPlan(
            number,
            kind,
            DrawSize(random, most),
            DrawSize(random, most),
            ServerPause: isServerSlow ? SlowReaderPause : 0,
            ClientPause: isClientSlow ? SlowReaderPause : 0);
    }

    // As often small as large, and now and then nothing at all.
    private static int DrawSize(Random random, int most) => random.Next(20) == 0 ? 0 : (int)Math.Pow(most, random.NextDouble());
}
