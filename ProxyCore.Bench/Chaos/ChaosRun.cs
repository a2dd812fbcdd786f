using System.Globalization;
using System.Text.Json;
using ProxyCore.Bench.Chaos.Actors;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Reporting;

namespace ProxyCore.Bench.Chaos;

/// <summary>One run: warm up, chaos, calm, stops, reckoning.</summary>
internal sealed class ChaosRun(ChaosOptions options, TextWriter output)
{
    private const int Clients = 40;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    private readonly Report _report = new(output);

    /// <summary>Returns whether every check was passed.</summary>
    /// <exception cref="InvalidOperationException">The proxy does not start.</exception>
    internal async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine($"seed {options.Seed}, {options.Duration.TotalSeconds:F0} s, {options.Program}, files in {options.Folder}");
        using var stage = new ChaosStage(options.Folder, options.Seed);
        using ProxyProcess proxy = ProxyProcess.Start(options.Program, Path.Combine(options.Folder, "run"), stage.Base);
        await proxy.ListensAsync();
        await ActAsync([new ClientCrowd(stage, Clients)], _warmUp, cancellationToken);
        await IsCalmAsync(proxy);
        Resources before = Resources.Of(proxy);
        var rewriter = new Rewriter(stage, proxy);
        await ActAsync(
            [
                new ClientCrowd(stage, Clients), new ServerTroubles(stage), rewriter, new Scraper(stage, proxy),
                new OperatorAtWork(stage, proxy), new LogRotation(stage), new Census(stage),
            ],
            options.Duration,
            cancellationToken);
        var trials = new StopTrials(stage, _report, options.Program);
        if (!proxy.HasEnded)
        {
            await CheckCalmAsync(stage, proxy, rewriter, before);
            await trials.StopAsync(proxy, new StopTrial("the stop"));
        }

        _report.Add(Check.Equal("lines that say that the proxy stopped", 1, proxy.Log.Count(ProxyLog.Stopped)));
        Reckonings.CheckDeeds(stage, proxy, _report);
        foreach ((int index, StopTrial trial) in StopTrial.All.Index())
        {
            await trials.RunAsync(trial, index);
        }

        stage.AccessLogs.ReadAll();
        stage.Ledger.JudgeRest();
        Reckonings.CheckTransfers(stage, _report);
        Print(stage, rewriter);
        return _report.Failed == 0;
    }

    private static async Task ActAsync(IReadOnlyList<IActor> actors, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(duration);
        await Task.WhenAll(actors.Select(actor => actor.ActAsync(stop.Token)));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task IsCalmAsync(ProxyProcess proxy)
    {
        for (long deadline = Environment.TickCount64 + (long)_patience.TotalMilliseconds; Environment.TickCount64 < deadline;)
        {
            JsonElement snapshot = await proxy.Admin.SnapshotAsync();
            if (snapshot.GetProperty("statistics").GetProperty("active").GetInt64() == 0)
            {
                // The writer of the access log takes what has ended every 50 ms; and a snapshot may be a second old.
                await Task.Delay(1500);
                return;
            }

            await Task.Delay(500);
        }
    }

    private async Task CheckCalmAsync(ChaosStage stage, ProxyProcess proxy, Rewriter rewriter, Resources before)
    {
        await rewriter.ApplyAsync("without checks", stage.Base with
        {
            Routes = [.. stage.Base.Routes.Select(static route => route.WithoutSetting("HealthCheck"))],
        });
        await IsCalmAsync(proxy);
        stage.AccessLogs.ReadAll();
        stage.Ledger.JudgeComplete();
        await Reckonings.CheckCountersAsync(stage, proxy, _report);
        await Resources.CheckAsync(proxy, before, _report);
    }

    private void Print(ChaosStage stage, Rewriter rewriter)
    {
        output.WriteLine();
        output.Write(Table.Render(["what was done", "count"], stage.Tally.Counts.Select(static one => (string[])[one.Key, Text(one.Value)])));
        output.WriteLine();
        output.Write(Table.Render(
            ["transfers that were not whole", "route", "verdict", "count"],
            stage.Ledger.Cases
                .OrderBy(static one => one.Key)
                .Select(static one => (string[])[one.Key.Cause, one.Key.Route, $"{one.Key.Rule}", Text(one.Value.Count)])));
        foreach (((Rule rule, string route, string cause), Ledger.Case one) in stage.Ledger.Cases.Where(static one => one.Key.Rule != Rule.Excused))
        {
            output.WriteLine($"{rule} on {route}, {cause}, the first: {one.Example}");
        }

        foreach (IGrouping<string, string> wrong in rewriter.Wrong.GroupBy(static line => line))
        {
            output.WriteLine($"{wrong.Count()} reloads: {wrong.Key}");
        }

        output.WriteLine($"{_report.Passed} checks passed, {_report.Failed} failed");
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
