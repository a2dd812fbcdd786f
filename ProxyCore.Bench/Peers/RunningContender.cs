using System.Diagnostics;
using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>A contender at work, or the upstream itself where there is no proxy at all.</summary>
internal sealed class RunningContender : IDisposable
{
    private readonly ChildProcess? _process;

    private RunningContender(int port, int handshakePort, ChildProcess? process, TimeSpan startTime = default)
    {
        StartTime = startTime;
        Port = port;
        HandshakePort = handshakePort;
        _process = process;
    }

    /// <summary>Where clients connect.</summary>
    internal int Port { get; }

    /// <summary>Where TLS clients connect while others load <see cref="Port"/>.</summary>
    internal int HandshakePort { get; }

    /// <summary>Its process; null without a proxy.</summary>
    internal int? Process => _process?.Id;

    /// <summary>How long it took until it listened.</summary>
    internal TimeSpan StartTime { get; }

    /// <summary>The processor time that it has used, in ns; 0 without a proxy.</summary>
    internal long ProcessorTime => _process is null ? 0 : ProcessFigures.ProcessorTime(_process.Id);

    /// <summary>Its resident memory in bytes; 0 without a proxy.</summary>
    internal long Resident => _process is null ? 0 : ProcessFigures.Resident(_process.Id);

    /// <summary>Starts <paramref name="contender"/> and waits until it listens.</summary>
    /// <param name="contender">The proxy.</param>
    /// <param name="kind">What its clients will do.</param>
    /// <param name="features">What it is configured for.</param>
    /// <param name="key">The certificate that it shows.</param>
    /// <param name="upstream">The port of the upstream.</param>
    /// <param name="folder">A folder for its files.</param>
    /// <param name="tls">The certificates.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message says why.</exception>
    internal static async Task<RunningContender> Start(
        Contender contender, LoadKind kind, Features features, KeyKind key, int upstream, string folder, TlsFiles tls)
    {
        if (contender == Contenders.Direct)
        {
            return new RunningContender(upstream, upstream, null);
        }

        int port = Ports.Free();
        int handshakePort = Ports.Free();
        var place = new Place(kind, port, upstream, folder, tls, key, handshakePort) { Features = features };
        long begin = Stopwatch.GetTimestamp();
        ChildProcess process = contender.Start(place);
        try
        {
            await Ports.Answers(port, process);
            return new RunningContender(port, handshakePort, process, Stopwatch.GetElapsedTime(begin));
        }
        catch (InvalidOperationException exception)
        {
            process.Dispose();
            throw new InvalidOperationException($"{contender.Name}: {exception.Message}", exception);
        }
    }

    public void Dispose() => _process?.Dispose();
}
