using System.Text.Json;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Reads metrics and snapshots, and watches that counters never fall.</summary>
internal sealed class Scraper(ChaosStage stage, ProxyProcess proxy) : IActor
{
    internal const string Fallen = "counters that fell between two scrapes";
    internal const string Unanswered = "scrapes without an answer";

    private const int Interval = 300;

    private static readonly string[] _counters = [Counters.Accepted, Counters.Ended, Counters.Bytes];

    private readonly Dictionary<string, long> _last = [];

    public async Task ActAsync(CancellationToken stop)
    {
        while (await Pause.ForAsync(Interval, stop))
        {
            try
            {
                Compare(await proxy.Admin.MetricsAsync(CancellationToken.None));
                JsonElement snapshot = await proxy.Admin.SnapshotAsync(CancellationToken.None);
                stage.Tally.Add("clients waiting in queues, over all scrapes", Queued(snapshot));
                stage.Tally.Add("scrapes");
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                stage.Tally.Add(Unanswered);
            }
        }
    }

    private static long Queued(JsonElement snapshot) =>
        snapshot.GetProperty("routes").EnumerateArray().Sum(static route => route.GetProperty("queued").GetInt64());

    private void Compare(string metrics)
    {
        foreach (string counter in _counters)
        {
            long now = PrometheusText.Sum(metrics, counter);
            if (now < _last.GetValueOrDefault(counter))
            {
                stage.Tally.Add(Fallen);
            }

            _last[counter] = now;
        }
    }
}
