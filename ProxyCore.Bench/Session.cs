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

    /// <summary>Measures, prints a table for each scenario, and writes the page.</summary>
    internal async Task Run(IReadOnlyList<Scenario> scenarios, IReadOnlySet<string>? only, CancellationToken cancellationToken)
    {
        using UpstreamServer upstream = await UpstreamServer.Start(_folder);
        TlsFiles tls = TlsFiles.Write(_folder);
        List<Contender> contenders = [];
        foreach (Contender contender in FindContenders().Where(contender => only?.Contains(contender.Name) != false))
        {
            Scenario? first = scenarios.FirstOrDefault(scenario => contender.CanTake(scenario.Kind));
            if (first is not null && await CanRun(contender, first, upstream, tls))
            {
                contenders.Add(contender);
            }
        }

        Console.WriteLine($"comparing {string.Join(", ", contenders.Select(static one => one.Name))}");
        var comparison = new Comparison(contenders, upstream, _folder, tls, _options.Timing, ShowProgress);
        var measurements = new List<Measurement>();
        foreach (Scenario scenario in scenarios)
        {
            Console.WriteLine($"\n{scenario.Name}: {scenario.Description}");
            IReadOnlyList<Measurement> measured = await comparison.Measure(scenario, cancellationToken);
            measurements.AddRange(measured);
            Console.WriteLine();
            if (measured.Select(static one => one.Load.Negotiated).FirstOrDefault() is { } negotiated)
            {
                Console.WriteLine($"all negotiated: {negotiated}");
            }

            Console.Write(ComparisonTables.Of(scenario, measurements));
        }

        var results = new Results(Machine.Describe(upstream.Name), measurements);
        Write(results);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A program may be there without the part that it takes: nginx has its stream module in another package.
    private async Task<bool> CanRun(Contender contender, Scenario scenario, UpstreamServer upstream, TlsFiles tls)
    {
        try
        {
            using RunningContender running = await RunningContender.Start(
                contender, scenario.Kind, scenario.Key, upstream.PortFor(scenario.Kind), _folder, tls);
            return true;
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine($"left out: {exception.Message}");
            return false;
        }
    }

    private static void ShowProgress(Measurement measurement) => Console.Write('.');

    private void Write(Results results)
    {
        string kept = Page.FolderIn(_options.Docs);
        results = results.Over(Results.Load(kept));
        results.Save(kept);
        new Page(results, _options.Docs).Write();
        Console.WriteLine();
        Console.Write(ComparisonTables.OfGoals(results.Measurements));
        Console.WriteLine($"written: {Path.Combine(_options.Docs, "performance.md")}");
    }

    private List<Contender> FindContenders()
    {
        List<Contender> found = [];
        Add(found, _options.Native, native: true);
        Add(found, _options.Jit, native: false);
        found.AddRange(Contenders.Installed(static (name, package) =>
            Console.WriteLine($"{name} is not installed: the package is {package}")));
        found.Add(Contenders.Direct);
        return found;
    }

    private void Add(List<Contender> found, string? program, bool native)
    {
        string name = native ? Contenders.Native : Contenders.Jit;
        if (program == SessionOptions.LeaveOut)
        {
            return;
        }

        try
        {
            program ??= BuiltCommand.Publish(Path.Combine(_folder, native ? "native" : "jit"), native);
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine($"{name} can't be built: {exception.Message}");
            return;
        }

        if (!native)
        {
            found.Add(Contenders.ProxyCore(name, program));
            return;
        }

        found.Add(Contenders.ProxyCoreNative(program));
        found.Add(Contenders.ProxyCoreSslStream(program));
        // The course's design: every socket in Select's lists.
        found.Add(Contenders.ProxyCore(Contenders.NoParking, program, "--no-parking"));
    }
}
