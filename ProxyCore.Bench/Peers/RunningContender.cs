using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>A contender at work, or the upstream itself where there is no proxy at all.</summary>
internal sealed class RunningContender : IDisposable
{
    private readonly ChildProcess? _process;

    private RunningContender(int port, ChildProcess? process)
    {
        Port = port;
        _process = process;
    }

    /// <summary>Where clients connect.</summary>
    internal int Port { get; }

    /// <summary>The processor time that it has used, in ns; 0 without a proxy.</summary>
    internal long ProcessorTime => _process is null ? 0 : ProcessFigures.ProcessorTime(_process.Id);

    /// <summary>Its resident memory in bytes; 0 without a proxy.</summary>
    internal long Resident => _process is null ? 0 : ProcessFigures.Resident(_process.Id);

    /// <summary>Starts <paramref name="contender"/> and waits until it listens.</summary>
    internal static async Task<RunningContender> Start(Contender contender, LoadKind kind, int upstream, string folder)
    {
        if (contender == Contenders.Direct)
        {
            return new RunningContender(upstream, null);
        }

        int port = Ports.Free();
        ChildProcess process = contender.Start(new Place(kind, port, upstream, folder));
        try
        {
            await Ports.Answers(port, process);
            return new RunningContender(port, process);
        }
        catch (InvalidOperationException exception)
        {
            process.Dispose();
            throw new InvalidOperationException($"{contender.Name}: {exception.Message}", exception);
        }
    }

    public void Dispose() => _process?.Dispose();
}
