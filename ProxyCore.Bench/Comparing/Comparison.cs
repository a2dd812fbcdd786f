using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Comparing;

/// <summary>Runs scenarios against contenders, in turns.</summary>
/// <param name="contenders">Who is compared.</param>
/// <param name="upstream">The server behind all of them.</param>
/// <param name="folder">Where their files go.</param>
/// <param name="tls">The certificates of those that end TLS.</param>
/// <param name="timing">How long and how often.</param>
/// <param name="report">Called after each measurement.</param>
/// <param name="failed">Called with the reason when one fails; the others are made all the same.</param>
internal sealed class Comparison(
    IReadOnlyList<Contender> contenders,
    UpstreamServer upstream,
    string folder,
    TlsFiles tls,
    Timing timing,
    Action<Measurement> report,
    Action<string> failed)
{
    /// <summary>Measures <paramref name="scenario"/>: everybody once in each round, beginning with another each time.</summary>
    internal async Task<IReadOnlyList<Measurement>> Measure(Scenario scenario, CancellationToken cancellationToken)
    {
        var measurements = new List<Measurement>();
        for (int round = 1; round <= timing.Rounds; round++)
        {
            for (int turn = 0; turn < contenders.Count; turn++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Contender contender = contenders[(turn + round) % contenders.Count];
                if (!scenario.Takes(contender))
                {
                    continue;
                }

                if (await TryMeasure(scenario, contender, round, cancellationToken) is { } measurement)
                {
                    measurements.Add(measurement);
                    CheckNegotiated(measurements);
                    report(measurement);
                }
            }
        }

        return measurements;
    }

    // Figures of different cipher suites can't be compared.
    private static void CheckNegotiated(List<Measurement> measurements)
    {
        Measurement first = measurements[0];
        Measurement last = measurements[^1];
        if (last.Load.Negotiated != first.Load.Negotiated)
        {
            throw new InvalidOperationException(
                $"{last.Scenario}: {last.Contender} negotiated {last.Load.Negotiated}, {first.Contender} {first.Load.Negotiated}");
        }
    }

    private async Task<Measurement?> TryMeasure(
        Scenario scenario, Contender contender, int round, CancellationToken cancellationToken)
    {
        try
        {
            return await Measure(scenario, contender, round, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or TimeoutException)
        {
            failed($"{scenario.Name}, {contender.Name}, round {round}: {exception.Message}");
            return null;
        }
    }

    private async Task<Measurement> Measure(
        Scenario scenario, Contender contender, int round, CancellationToken cancellationToken)
    {
        using RunningContender running = await RunningContender.Start(
            contender, scenario.Kind, scenario.Features, scenario.Key, upstream.PortFor(scenario.Kind), folder, tls);
        await Task.Delay(TimeSpan.FromSeconds(timing.Settling), cancellationToken);
        long residentAtStart = running.Resident;
        using var load = new LoadProcess(
            scenario.Plan(running.Port, running.HandshakePort, timing.WarmUp, timing.Seconds), tls.ClientConfiguration);
        await load.Measuring(cancellationToken);
        long before = running.ProcessorTime;
        long residentBefore = running.Resident;
        Load.LoadResult result = await load.Result(cancellationToken);
        long processorTime = running.ProcessorTime - before;
        return new Measurement(
            scenario.Name, contender.Name, round, result, processorTime, residentAtStart, running.Resident, residentBefore)
        {
            StartSeconds = running.StartTime.TotalSeconds,
        };
    }
}
