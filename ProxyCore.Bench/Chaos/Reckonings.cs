using System.Text.Json;
using ProxyCore.Bench.Chaos.Actors;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos;

/// <summary>The checks of figures: what the proxy counts, against what the run counts.</summary>
internal static class Reckonings
{
    private static readonly (Rule Rule, string Promise)[] _rules =
    [
        (Rule.Misrouted, "transfers that came to a server of another route"),
        (Rule.Corrupt, "transfers with a byte that was not sent"),
        (Rule.LooksWhole, "cut transfers that looked whole, by a FIN before the end"),
        (Rule.Stalled, "transfers that stalled"),
        (Rule.Cut, "transfers cut although nothing was done to them"),
        (Rule.Halved, "transfers whole for the client and not for one server"),
        (Rule.Logged, "transfers without exactly one line in the access log"),
        (Rule.Misreported, "transfers with other bytes or another end in the access log"),
    ];

    /// <summary>While the proxy runs and no connection is open: its counters, its log and the clients agree.</summary>
    internal static async Task CheckCountersAsync(ChaosStage stage, ProxyProcess proxy, Report report)
    {
        string metrics = await proxy.Admin.MetricsAsync();
        JsonElement statistics = (await proxy.Admin.SnapshotAsync()).GetProperty("statistics");
        long accepted = PrometheusText.Sum(metrics, Counters.Accepted);
        long active = PrometheusText.Sum(metrics, Counters.Active);
        long ended = PrometheusText.Sum(metrics, Counters.Ended);
        long dropped = PrometheusText.Sum(metrics, Counters.Dropped);
        long connected = stage.Ledger.Connected - stage.Ledger.LostWithEndpoint;
        report.Add(Check.Equal("connections still open", 0, statistics.GetProperty("active").GetInt64()));
        report.Add(Check.Equal("metrics: accepted, against clients that connected", connected, accepted));
        report.Add(Check.Equal("metrics: ended and active, against accepted", accepted, ended + active));
        report.Add(Check.Equal("snapshot: accepted, against clients that connected", connected, statistics.GetProperty("accepted").GetInt64()));
        report.Add(Check.Equal("access log: lines and dropped ones, against clients that connected", connected, stage.Ledger.Lines + dropped));
    }

    /// <summary>At the end, when everything has been judged.</summary>
    internal static void CheckTransfers(ChaosStage stage, Report report)
    {
        Ledger ledger = stage.Ledger;
        report.Add(Check.AtLeast("whole transfers, right to the byte at both ends and in the access log", 1, ledger.Count(Rule.Whole)));
        foreach ((Rule rule, string promise) in _rules)
        {
            report.Add(Check.Equal(promise, 0, ledger.Count(rule)));
        }

        report.Add(Check.Equal("lines of the access log without the client's address", 0, ledger.Nameless));
        report.Add(Check.Equal("lines of the access log that belong to no client", 0, ledger.Strangers));
        report.Add(Check.Equal("lines of the access log that are no JSON", 0, stage.AccessLogs.Broken));
    }

    internal static void CheckDeeds(ChaosStage stage, ProxyProcess proxy, Report report)
    {
        string[] never =
        [
            Rewriter.WrongOutcome, Scraper.Fallen, Scraper.Unanswered, ServerTroubles.PortTaken, Census.OverMaximum,
            Visit.FinWithoutByte, Visit.CutHeader, Visit.Belated,
        ];
        foreach (string deed in never)
        {
            report.Add(Check.Equal(deed, 0, stage.Tally.Of(deed)));
        }

        report.Add(Check.Equal("critical lines in the proxy's log", 0, proxy.Log.Count("[CRITICAL]") + proxy.Log.Count("[FATAL]")));
    }
}
