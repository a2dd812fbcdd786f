using ProxyCore.Bench.Chaos.Reckoning;
using ProxyCore.Bench.Chaos.Stage;
using ProxyCore.Bench.Peers;

namespace ProxyCore.Bench.Chaos;

/// <summary>What the proxy holds while nothing is going on. Immutable.</summary>
internal sealed record Resources(int Descriptors, long Resident)
{
    private const long Megabyte = 1024 * 1024;

    // One request may be under way on the admin page, and the access log be open.
    private const int MoreDescriptors = 2;

    // What the collector and the allocator keep for a while; a leak of one block of 4 KB for each transfer is more after minutes.
    private const long MoreMemory = 16 * Megabyte;

    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _watched = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    internal static Resources Of(ProxyProcess proxy) => new(proxy.Descriptors, ProcessFigures.Resident(proxy.Id));

    /// <summary>Checks that <paramref name="proxy"/> holds no more than before, and does nothing.</summary>
    internal static async Task CheckAsync(ProxyProcess proxy, Resources before, Report report)
    {
        int bound = before.Descriptors + MoreDescriptors;
        for (long deadline = Environment.TickCount64 + (long)_settling.TotalMilliseconds; proxy.Descriptors > bound && Environment.TickCount64 < deadline;)
        {
            await Task.Delay(100);
        }

        Resources now = Of(proxy);
        report.Add(Check.AtMost($"descriptors, {before.Descriptors} before", bound, now.Descriptors));
        report.Add(Check.AtMost(
            $"resident MB, {before.Resident / Megabyte} before", (before.Resident + MoreMemory) / Megabyte, now.Resident / Megabyte));
        long time = ProcessFigures.ProcessorTime(proxy.Id);
        await Task.Delay(_watched);
        long used = ProcessFigures.ProcessorTime(proxy.Id) - time;
        report.Add(Check.AtMost(
            $"idle for {_watched.TotalSeconds:F0} s: processor time in µs, less than one tick", (long)_tick.TotalMicroseconds - 1, used / 1000));
    }
}
