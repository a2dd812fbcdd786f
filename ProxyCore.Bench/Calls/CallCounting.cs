using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Calls;

/// <summary>Counts the system calls of proxies by strace, which slows them down: so nothing is measured meanwhile.</summary>
/// <param name="upstream">The server behind all of them.</param>
/// <param name="folder">Where their files go.</param>
/// <param name="tls">What contenders are started with.</param>
internal sealed class CallCounting(UpstreamServer upstream, string folder, TlsFiles tls)
{
    // A proxy has closed what its clients have left by then.
    private static readonly TimeSpan _settling = TimeSpan.FromMilliseconds(300);

    /// <summary>Counts those of <paramref name="contender"/> under <paramref name="load"/>.</summary>
    internal async Task<CallCount> Count(Contender contender, CountedLoad load, CancellationToken cancellationToken)
    {
        using RunningContender running = await RunningContender.Start(
            contender, load.Kind, Features.None, KeyKind.P256, upstream.PortFor(load.Kind), folder, tls);
        await Load(running, load, load.Few, cancellationToken);
        IReadOnlyDictionary<string, long> few = await Traced(running, load, load.Few, cancellationToken);
        IReadOnlyDictionary<string, long> many = await Traced(running, load, load.Many, cancellationToken);
        var calls = many.ToDictionary(
            static call => call.Key,
            call => (double)(call.Value - few.GetValueOrDefault(call.Key)) / (load.Many - load.Few));
        return new CallCount(contender.Name, load.Unit, calls);
    }

    private async Task<IReadOnlyDictionary<string, long>> Traced(
        RunningContender running, CountedLoad load, int count, CancellationToken cancellationToken)
    {
        using Strace strace = await Strace.Attach(running.Process!.Value, folder);
        await Load(running, load, count, cancellationToken);
        return await strace.Stop();
    }

    private async Task Load(RunningContender running, CountedLoad load, int count, CancellationToken cancellationToken)
    {
        LoadPlan plan = load.Plan(running.Port, count);
        using (var process = new LoadProcess(plan, tls.ClientConfiguration))
        {
            await process.Measuring(cancellationToken);
            LoadResult result = await process.Result(cancellationToken);
            if (result.Seconds >= plan.Seconds)
            {
                throw new InvalidOperationException($"{count} requests took longer than {plan.Seconds} s");
            }
        }

        await Task.Delay(_settling, cancellationToken);
    }
}
