using System.Diagnostics;

namespace ProxyCore.Bench.Micro;

/// <summary>What one step costs in this process, beside so many entries.</summary>
/// <param name="Subject">What grows: one of the constants of <see cref="GrowthCosts"/>.</param>
/// <param name="Series">What is done.</param>
/// <param name="Size">How many entries there are.</param>
/// <param name="Nanoseconds">What one step takes.</param>
internal sealed record GrowthCost(string Subject, string Series, int Size, double Nanoseconds)
{
    private const int Batches = 7;
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _batch = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures <paramref name="step"/>, which gets the number of its turn: the shortest of some batches.</summary>
    internal static GrowthCost Measure(string subject, string series, int size, Action<int> step)
    {
        // Until the runtime has compiled the step for good.
        int turns = 0;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < _warmUp)
        {
            step(turns++);
        }

        int turnsOfBatch = Math.Max(1, (int)(turns * (_batch / _warmUp)));
        double shortest = double.MaxValue;
        for (int batch = 0; batch < Batches; batch++)
        {
            begin = Stopwatch.GetTimestamp();
            for (int turn = 0; turn < turnsOfBatch; turn++)
            {
                step(turn);
            }

            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(begin).TotalNanoseconds / turnsOfBatch);
        }

        return new GrowthCost(subject, series, size, shortest);
    }
}
