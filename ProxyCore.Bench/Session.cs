using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;

namespace ProxyCore.Bench;

/// <summary>One comparison from the building of the contenders to the page.</summary>
internal sealed class Session : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxycore-bench-").FullName;
    private readonly SessionOptions _options;

    internal Session(SessionOptions options) => _options = options;

    /// <summary>Measures, prints a table for each scenario, and writes the page. Returns what has failed.</summary>
    internal async Task<IReadOnlyList<string>> Run(IReadOnlyList<Scenario> scenarios, IReadOnlySet<string>? only, CancellationToken cancellationToken)
    {
        using UpstreamServer upstream = await UpstreamServer.Start(_folder);
        TlsFiles tls = TlsFiles.Write(_folder);
        List<Contender> contenders = [];
        foreach (Contender contender in FoundContenders.Find(_options, _folder).Where(contender => only?.Contains(contender.Name) != false))
        {
            Scenario? first = scenarios.FirstOrDefault(scenario => scenario.Takes(contender));
            if (first is not null && await CanRun(contender, first, upstream, tls))
            {
                contenders.Add(contender);
            }
        }

        var failures = new List<string>();
        Console.WriteLine($"comparing {string.Join(", ", contenders.Select(static one => one.Name))}");
        var comparison = new Comparison(contenders, upstream, _folder, tls, _options.Timing, ShowProgress, failures.Add);
        string machine = Machine.Describe(upstream.Name, _options.HAProxy);
        foreach (Scenario scenario in scenarios)
        {
            Console.WriteLine($"\n{scenario.Name}: {scenario.Description}");
            IReadOnlyList<Measurement> measured = await comparison.Measure(scenario, cancellationToken);
            Console.WriteLine();
            if (measured.Select(static one => one.Load.Negotiated).FirstOrDefault() is { } negotiated)
            {
                Console.WriteLine($"all negotiated: {negotiated}");
            }

            Console.Write(ComparisonTables.Of(scenario, measured));
            Keep(new Results(machine, measured));
        }

        WritePage();
        return failures;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A program may be there without the part that it takes: nginx has its stream module in another package.
    private async Task<bool> CanRun(Contender contender, Scenario scenario, UpstreamServer upstream, TlsFiles tls)
    {
        try
        {
            using RunningContender running = await RunningContender.Start(
                contender, scenario.Kind, scenario.Features, scenario.Key, upstream.PortFor(scenario.Kind), _folder, tls);
            return true;
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine($"left out: {exception.Message}");
            return false;
        }
    }

    private static void ShowProgress(Measurement measurement) => Console.Write('.');

    // After each scenario, so that an interrupted run is not lost.
    private void Keep(Results results)
    {
        string kept = Page.FolderIn(_options.Docs);
        results.Over(Results.Load(kept)).Save(kept);
    }

    private void WritePage()
    {
        string kept = Page.FolderIn(_options.Docs);
        Results results = Results.Load(kept);
        new Page(results, _options.Docs).Write();
        Console.WriteLine();
        Console.Write(ComparisonTables.OfGoals(results.Measurements, CallCount.Load(kept)));
        Console.WriteLine($"written: {Path.Combine(_options.Docs, "performance.md")}");
    }
}
