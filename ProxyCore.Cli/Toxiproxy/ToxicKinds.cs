using ProxyCore.Settings;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>The types of toxics that the API has: toxiproxy's, and after them ours.</summary>
internal static class ToxicKinds
{
    private const int BytesOfKilobyte = 1000;

    internal static IReadOnlyList<ToxicKind> All { get; } =
    [
        new("latency", "LatencyToxic", [ToxicAttribute.Milliseconds("latency"), ToxicAttribute.Milliseconds("jitter")],
            static values => new LatencyToxic { Latency = values.Milliseconds(0), Jitter = values.Milliseconds(1) }),
        new("bandwidth", "BandwidthToxic", [new ToxicAttribute("rate", 0L)],
            static values => new BandwidthToxic { BytesPerSecond = BytesPerSecond(values.Whole(0)) }),
        new("slow_close", "SlowCloseToxic", [ToxicAttribute.Milliseconds("delay")],
            static values => new SlowCloseToxic { Delay = values.Milliseconds(0) }),
        new("timeout", "TimeoutToxic", [ToxicAttribute.Milliseconds("timeout")],
            static values => new TimeoutToxic { Timeout = values.Milliseconds(0) }),
        new("reset_peer", "ResetToxic", [ToxicAttribute.Milliseconds("timeout")],
            static values => new CloseToxic { Delay = values.Milliseconds(0), End = ToxicEnd.Reset }),
        new(
            "slicer",
            "SlicerToxic",
            [
                new ToxicAttribute("average_size", 0L, Least: 1, GoType: "int"),
                new ToxicAttribute("size_variation", 0L, GoType: "int"),
                ToxicAttribute.Microseconds("delay"),
            ],
            MakeSlicer) { CheckAll = CheckSlices },
        new("limit_data", "LimitDataToxic", [new ToxicAttribute("bytes", 0L)],
            static values => new LimitDataToxic { Bytes = values.Whole(0) }),
        new("noop", "NoopToxic", [], static _ => new NoOpToxic()),
        new("connect_delay", "ConnectDelayToxic", [ToxicAttribute.Milliseconds("delay")],
            static values => new ConnectDelayToxic { Delay = values.Milliseconds(0) }) { IsExtension = true },
        new("refuse", "RefuseToxic", [ToxicAttribute.End()],
            static values => new RefuseToxic { End = values.End(0) }) { IsExtension = true },
        new("swallow", "SwallowToxic", [], static _ => new SwallowToxic()) { IsExtension = true },
        new("corrupt", "CorruptToxic", [ToxicAttribute.Share("share", new CorruptToxic().Share)],
            static values => new CorruptToxic { Share = values.Share(0) }) { IsExtension = true },
        new("cut", "CutToxic", [ToxicAttribute.Milliseconds("after"), ToxicAttribute.End()],
            static values => new CutToxic { After = values.Milliseconds(0), End = values.End(1) }) { IsExtension = true },
        new("stall", "StallToxic", [], static _ => new StallToxic()) { IsExtension = true },
    ];

    internal static ToxicKind? Find(string type) => All.FirstOrDefault(kind => kind.Type == type);

    // The library's most is 2 GB/s, more than a connection carries.
    private static long BytesPerSecond(long rate) =>
        Math.Min(rate, OptionLimits.Bandwidth.Most / BytesOfKilobyte) * BytesOfKilobyte;

    private static void CheckSlices(ToxicValues values)
    {
        if (values.Whole(1) > values.Whole(0))
        {
            throw ApiException.BadAttribute("size_variation: must be from 0 to average_size");
        }
    }

    /// <summary>
    /// A variation that equals the average is common among users of toxiproxy, whose pieces have one byte at least; that is
    /// what the library makes of one less.
    /// </summary>
    private static SlicerToxic MakeSlicer(ToxicValues values) => new()
    {
        AverageSize = values.Size(0),
        SizeVariation = Math.Min(values.Size(1), values.Size(0) - 1),
        Delay = values.Microseconds(2),
    };
}
