using ProxyCore.Bench.Chaos.Stage;

namespace ProxyCore.Bench.Chaos.Actors;

/// <summary>Rewrites the configuration, rightly and wrongly, and watches that each reload ends as it must.</summary>
internal sealed class Rewriter : IActor
{
    internal const string WrongOutcome = "reloads that did not end as they must";

    // The proxy looks at the file every second, and takes it when it has stayed the same for one.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _echo = TimeSpan.FromMilliseconds(200);

    private readonly ChaosStage _stage;
    private readonly ProxyProcess _proxy;
    private readonly Random _random;
    private readonly IReadOnlyList<Rewriting> _rewritings;
    private readonly IReadOnlyList<Mistake> _mistakes;
    private Configuration _now;
    private string? _written;
    private int _step;

    internal Rewriter(ChaosStage stage, ProxyProcess proxy)
    {
        _stage = stage;
        _proxy = proxy;
        _random = new Random(stage.Seed + 1);
        _now = stage.Base;
        _rewritings = Rewriting.All(stage.Base);
        _mistakes = Mistake.All(stage.TakenEndpoint);
    }

    /// <summary>What happened that must not: a line for each reload.</summary>
    internal List<string> Wrong { get; } = [];

    public async Task ActAsync(CancellationToken stop)
    {
        while (await Pause.ForAsync(_random.Next(200, 1200), stop))
        {
            if (_random.Next(3) == 0)
            {
                Mistake mistake = _mistakes[_random.Next(_mistakes.Count)];
                await WriteAsync(mistake.Name, mistake.Text(_now), ProxyLog.Refused, ProxyLog.Applied);
                continue;
            }

            Rewriting rewriting = _rewritings[_random.Next(_rewritings.Count)];
            await ApplyAsync(rewriting.Name, rewriting.Change(_now, ++_step));
        }

        await ApplyAsync("as at the beginning", _stage.Base);
    }

    /// <summary>Has the proxy apply <paramref name="next"/>.</summary>
    internal async Task ApplyAsync(string name, Configuration next)
    {
        ChaosRoute moving = _stage.Route(RouteScenarios.Moving);
        bool isThere = next.Routes.Any(static route => route.Key == RouteScenarios.Moving);
        if (!isThere)
        {
            moving.SetAway(true);
        }

        await WriteAsync(name, next.ToJson(), ProxyLog.Applied, ProxyLog.Refused);
        _now = next;
        if (isThere && moving.IsAway)
        {
            moving.SetAway(false);
        }
    }

    private async Task WriteAsync(string name, string text, string expected, string unexpected)
    {
        (long before, long others) = (_proxy.Log.Count(expected), _proxy.Log.Count(unexpected));
        _proxy.Write(text);

        // The same text once more is no change of the file: then only a signal has it read.
        int signals = _random.Next(text == _written ? 1 : 0, 4);
        _written = text;
        for (int signal = 0; signal < signals; signal++)
        {
            _proxy.Signal(Signals.HangUp);
            _stage.Tally.Add("SIGHUP");
        }

        bool came = await _proxy.Log.HasMoreAsync(expected, before, _patience);
        await Task.Delay(_echo, CancellationToken.None);
        _stage.Tally.Add($"reloads, {name}");
        if (!came || _proxy.Log.Count(unexpected) != others)
        {
            _stage.Tally.Add(WrongOutcome);
            Wrong.Add($"{name}: \"{expected}\" {(came ? "came" : "did not come")}, \"{unexpected}\" {_proxy.Log.Count(unexpected) - others} times");
        }
    }
}
