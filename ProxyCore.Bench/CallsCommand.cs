using System.CommandLine;
using ProxyCore.Bench.Calls;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Peers;
using ProxyCore.Bench.Reporting;

namespace ProxyCore.Bench;

/// <summary>The command that counts system calls.</summary>
internal sealed class CallsCommand
{
    private readonly Option<string?> _contenders = new("--contenders") { Description = "Which, separated by commas, as the tables call them [default: all that are installed]" };

    private readonly Option<string?> _native = new("--native") { Description = "The native command; 'none' leaves it out [default: it is built]" };

    private readonly Option<string?> _haproxy = new("--haproxy") { Description = "The path of another HAProxy beside the installed one" };

    private readonly Option<string?> _docs = new("--docs") { Description = "Where the page goes [default: docs in the repository]" };

    internal Command Build()
    {
        var command = new Command("calls", "Counts system calls a request and a connection by strace, and adds the tables to the page.")
        {
            _contenders, _native, _haproxy, _docs,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string docs = parsed.GetValue(_docs) ?? Path.Combine(BuiltCommand.Repository(), "docs");
        var options = new SessionOptions(Timing.Smoke, docs, parsed.GetValue(_native), SessionOptions.LeaveOut, parsed.GetValue(_haproxy));
        HashSet<string>? only = MeasuringCommand.Split(parsed.GetValue(_contenders));
        string folder = Directory.CreateTempSubdirectory("proxycore-bench-").FullName;
        try
        {
            IReadOnlyList<CallCount> counts = await Count(options, folder, only, cancellationToken);
            string kept = Page.FolderIn(docs);
            CallCount.Save(kept, counts);
            new Page(Results.Load(kept), docs).Write();
            Console.WriteLine(CallsSection.Of(counts));
            return 0;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<CallCount>> Count(
        SessionOptions options, string folder, HashSet<string>? only, CancellationToken cancellationToken)
    {
        using UpstreamServer upstream = await UpstreamServer.Start(folder);
        var counting = new CallCounting(upstream, folder, TlsFiles.Write(folder));
        Contender[] contenders =
        [
            .. FoundContenders.Find(options, folder)
                .Where(contender => contender != Contenders.Direct && only?.Contains(contender.Name) != false),
        ];
        var counts = new List<CallCount>();
        foreach (CountedLoad load in CountedLoad.All)
        {
            foreach (Contender contender in contenders.Where(contender => contender.CanTake(load.Kind, Features.None)))
            {
                counts.Add(await counting.Count(contender, load, cancellationToken));
                Console.WriteLine($"{contender.Name}: {counts[^1].Total:0.0} calls a {load.Unit}");
            }
        }

        return counts;
    }
}
