using System.Diagnostics;
using ProxyCore.Bench.Chaos.Actors;
using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos;

/// <summary>Stops the proxy in several ways, and starts it with a SIGHUP.</summary>
internal sealed class StopTrials(ChaosStage stage, Report report, string program)
{
    private const int Rounds = 20;
    private const int RoundPause = 40;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _mostOfStart = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _mostOfReload = TimeSpan.FromSeconds(3);

    private readonly ChaosRoute _route = stage.Route("pool");

    /// <summary>Starts a process for <paramref name="trial"/>, and stops it.</summary>
    internal async Task RunAsync(StopTrial trial, int index)
    {
        string folder = Path.Combine(stage.Folder, $"stop{index}");
        Configuration configuration = stage.Base with { MaxConnections = trial.MaxConnections };
        ProxyProcess proxy = ProxyProcess.Start(program, folder, configuration);
        try
        {
            if (!await TakesAnEarlyHangUpAsync(proxy))
            {
                proxy.Dispose();
                proxy = ProxyProcess.Start(program, folder, configuration);
            }

            await proxy.ListensAsync();
            await StopAsync(proxy, trial);
        }
        finally
        {
            proxy.Dispose();
        }
    }

    /// <summary>Stops <paramref name="proxy"/> as <paramref name="trial"/> says.</summary>
    internal async Task StopAsync(ProxyProcess proxy, StopTrial trial)
    {
        List<(Account Account, Task Played)> clients = await ConnectAsync(trial.Served);
        bool isFrozen = trial.InBacklog > 0 && trial.MaxConnections is null;
        if (isFrozen)
        {
            proxy.Signal(Signals.Stop);
        }

        clients.AddRange(await ConnectAsync(trial.InBacklog));
        proxy.Signal(Signals.Terminate);
        if (isFrozen)
        {
            proxy.Signal(Signals.Continue);
        }

        for (int hangUp = 0; hangUp < trial.HangUps; hangUp++)
        {
            await Task.Delay(100);
            proxy.Signal(Signals.HangUp);
            stage.Tally.Add("SIGHUP");
        }

        bool ended = await proxy.EndsWithinAsync(_patience);
        await Task.WhenAll(clients.Select(static client => client.Played));
        report.Add(Check.Equal($"{trial.Name}: the exit code", 0, ended ? proxy.ExitCode : -1));
        report.Add(Check.Equal(
            $"{trial.Name}: clients that got everything",
            clients.Count,
            clients.Count(static client => client.Account.Client?.End == EndOfTransfer.Whole)));
        stage.Tally.Add("stops");
    }

    // Before there is a handler no program can do anything against the signal; so it comes as soon as there is one.
    private async Task<bool> TakesAnEarlyHangUpAsync(ProxyProcess proxy)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Signals.IsCaught(proxy.Id, Signals.HangUp) && !proxy.HasEnded && Stopwatch.GetElapsedTime(start) < _mostOfStart)
        {
            await Task.Yield();
        }

        var exposed = Stopwatch.GetElapsedTime(start);
        proxy.Signal(Signals.HangUp);
        stage.Tally.Add("SIGHUP");
        bool listens = await proxy.Log.HasMoreAsync(ProxyLog.Listening, 0, _patience / 3) && !proxy.HasEnded;
        long announced = proxy.Log.Count(ProxyLog.Reading);
        bool isObeyed = listens && await proxy.Log.HasMoreAsync(ProxyLog.Applied, announced - 1, _mostOfReload);
        string seen = !listens ? "the end of the process" : isObeyed ? "a start, and what was announced" : "a reload that was announced and not made";
        report.Add(new Check(
            "a SIGHUP at the start",
            "a start, and a reload if one is announced",
            $"{seen}; it is caught from {exposed.TotalMilliseconds:F0} ms after the start",
            isObeyed));
        return listens;
    }

    private async Task<List<(Account Account, Task Played)>> ConnectAsync(int count)
    {
        List<(Account, Task)> clients = [];
        List<Task> connects = [];
        for (int client = 0; client < count; client++)
        {
            Account account = stage.Ledger.Begin(_route.Scenario.Name, static number =>
                new TransferPlan(number, TransferKind.Requests, Rounds * 1000, Rounds * 4000, Rounds, ClientPause: RoundPause));
            var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            clients.Add((account, Client.PlayAsync(_route, account, stage.Ledger, connected)));
            connects.Add(connected.Task);
        }

        await Task.WhenAll(connects);
        return clients;
    }
}
