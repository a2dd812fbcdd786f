using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Renames the access log under the proxy, and has the transfers judged whose lines it reads.</summary>
internal sealed class LogRotation(ChaosStage stage) : IActor
{
    private const int Interval = 4000;

    public async Task ActAsync(CancellationToken stop)
    {
        while (await Pause.ForAsync(Interval, stop))
        {
            stage.AccessLogs.Rotate();
            stage.Ledger.JudgeComplete();
            stage.Tally.Add("rotations of the access log");
        }
    }
}
