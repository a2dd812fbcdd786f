using System.Diagnostics;
using HdrHistogram;

namespace ProxyCore.Bench.Load;

/// <summary>Counts what happens between <see cref="Begin"/> and <see cref="End"/>. One thread at a time.</summary>
internal sealed class LoadCounts
{
    private const long LongestNanoseconds = 60_000_000_000;

    private readonly LongHistogram _latencies = new(LongestNanoseconds, 3);
    private long _requests;
    private long _bytes;
    private long _handshakes;
    private long _start;
    private double _seconds;
    private bool _isMeasuring;

    internal void Begin()
    {
        _isMeasuring = true;
        _start = Stopwatch.GetTimestamp();
    }

    internal void End()
    {
        _isMeasuring = false;
        _seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
    }

    /// <summary>Counts an answer that took from <paramref name="sent"/> until now.</summary>
    internal void CountAnswer(long sent)
    {
        if (_isMeasuring)
        {
            _requests++;
            long nanoseconds = (long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds;
            _latencies.RecordValue(Math.Clamp(nanoseconds, 1, LongestNanoseconds));
        }
    }

    internal void CountBytes(int bytes)
    {
        if (_isMeasuring)
        {
            _bytes += bytes;
        }
    }

    internal void CountHandshake()
    {
        if (_isMeasuring)
        {
            _handshakes++;
        }
    }

    /// <summary>What was counted.</summary>
    internal LoadResult Result(string? negotiated = null) => new(
        _requests, _bytes, _seconds, Percentile(50), Percentile(99), Percentile(99.9), _handshakes, negotiated);

    private double Percentile(double percentile) =>
        _latencies.TotalCount == 0 ? 0 : _latencies.GetValueAtPercentile(percentile) / 1000.0;
}
