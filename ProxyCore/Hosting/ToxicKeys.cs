using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>The keys of toxics, by their types. A <see cref="CustomToxic"/> is code, and has no place in a configuration.</summary>
internal static class ToxicKeys
{
    private const string Type = "Type";

    /// <summary>The types, in the order of the page about them.</summary>
    internal static IReadOnlyList<ConfigurationVariant<Toxic>> Types { get; } =
    [
        OnBytes<LatencyToxic>(
            "Delays every byte.",
            Time<LatencyToxic>("Latency", "How long each byte takes.", static o => o.Latency, static (o, v) => o.Latency = v),
            Time<LatencyToxic>("Jitter", "By how much the delay of a read may be longer or shorter.", static o => o.Jitter, static (o, v) => o.Jitter = v),
            new ValueKey<LatencyToxic, int>("MaxHeld", $"The most bytes that are delayed at a time, in each connection, {ByteSizes.Format(OptionLimits.MaxHeld.Least)} to {ByteSizes.Format(OptionLimits.MaxHeld.Most)}.",
                ValueKinds.SizeWithin(OptionLimits.MaxHeld), static o => o.MaxHeld, static (o, v) => o.MaxHeld = v)),
        OnBytes<BandwidthToxic>(
            "Lets a number of bytes a second pass.",
            new ValueKey<BandwidthToxic, long>("BytesPerSecond", $"How many bytes a second may pass, up to {ByteSizes.Format(OptionLimits.ToxicBandwidth.Most)}; 0 lets none pass.",
                ValueKinds.SmallRate, static o => o.BytesPerSecond, static (o, v) => o.BytesPerSecond = v)),
        OnBytes<SlowCloseToxic>(
            "Delays the end of the stream.",
            Time<SlowCloseToxic>("Delay", "For how long.", static o => o.Delay, static (o, v) => o.Delay = v)),
        OnBytes<TimeoutToxic>(
            "Lets no byte pass, and ends the connection when none has come for a time.",
            Time<TimeoutToxic>("Timeout", "After how long without bytes the connection ends; 0s never ends it.", static o => o.Timeout, static (o, v) => o.Timeout = v)),
        OnBytes<CloseToxic>(
            "Ends the connection after the first bytes of its stream, which are lost, or its end.",
            Time<CloseToxic>("Delay", "How long after the first bytes.", static o => o.Delay, static (o, v) => o.Delay = v),
            End<CloseToxic>(static o => o.End, static (o, v) => o.End = v)),
        OnBytes<SlicerToxic>(
            "Cuts what comes into small pieces.",
            new ValueKey<SlicerToxic, int>("AverageSize", "How many bytes a piece has on average.",
                ValueKinds.Whole.Within(OptionLimits.AnyCount), static o => o.AverageSize, static (o, v) => o.AverageSize = v),
            new ValueKey<SlicerToxic, int>("SizeVariation", "By how many bytes a piece may be larger or smaller; less than AverageSize.",
                ValueKinds.Whole.Within(OptionLimits.SizeVariation), static o => o.SizeVariation, static (o, v) => o.SizeVariation = v),
            Time<SlicerToxic>("Delay", "How long after a piece the next one follows.", static o => o.Delay, static (o, v) => o.Delay = v)),
        OnBytes<LimitDataToxic>(
            "Lets a number of bytes pass, and then ends the connection.",
            new ValueKey<LimitDataToxic, long>("Bytes", "How many bytes pass.",
                ValueKinds.LargeSize, static o => o.Bytes, static (o, v) => o.Bytes = v)),
        Opening<ConnectDelayToxic>(
            "Delays new connections before their upstream is connected.",
            Time<ConnectDelayToxic>("Delay", "For how long.", static o => o.Delay, static (o, v) => o.Delay = v)),
        Opening<RefuseToxic>(
            "Ends new connections as soon as they are accepted, without an upstream.",
            End<RefuseToxic>(static o => o.End, static (o, v) => o.End = v)),
        OnBytes<SwallowToxic>("Half-open: lets nothing pass one way, neither bytes nor the end. What comes is lost."),
        OnBytes<CorruptToxic>(
            "Changes a share of the bytes, chosen by chance.",
            new ValueKey<CorruptToxic, double>("Share", "The share of bytes that are changed, 0 to 1.",
                ValueKinds.Share, static o => o.Share, static (o, v) => o.Share = v)),
        OnBytes<CutToxic>(
            "Ends a connection after a time, whatever it carries.",
            Time<CutToxic>("After", "After how long.", static o => o.After, static (o, v) => o.After = v),
            End<CutToxic>(static o => o.End, static (o, v) => o.End = v)),
        OnBytes<StallToxic>("Reads nothing, so that the sender is stopped. Nothing is lost: it all comes after the removal."),
        OnBytes<NoOpToxic>("Does nothing."),
    ];

    /// <summary>The toxics of a route.</summary>
    internal static VariantsKey<RouteOptions, Toxic> OfRoute { get; } = new(
        "Toxics",
        "Faults on purpose, in the order of their effect; none, unless given.",
        Type,
        Types,
        static o => o.Toxics,
        static toxic => $"toxic {ToxicReader.NameOf(toxic)}",
        static (one, other) => one.HasSameEffectAs(other) && one.Clients.SequenceEqual(other.Clients));

    private static ConfigurationVariant<Toxic, T> OnBytes<T>(string description, params ConfigurationKey<T>[] keys)
        where T : Toxic, new() => new(
            new T().Type,
            description,
            Type,
            [
                .. keys,
                new ValueKey<T, ToxicDirection>("Stream", "Whose bytes it acts on: downstream, those for the client, or upstream.",
                    ValueKinds.ToxicDirection, static o => o.Stream, static (o, v) => o.Stream = v),
                .. Common<T>(),
            ]);

    /// <summary>One that acts before there are bytes, and so on no stream.</summary>
    private static ConfigurationVariant<Toxic, T> Opening<T>(string description, params ConfigurationKey<T>[] keys)
        where T : Toxic, new() => new(new T().Type, description, Type, [.. keys, .. Common<T>()]);

    private static ConfigurationKey<T>[] Common<T>()
        where T : Toxic, new() =>
    [
        new ValueKey<T, string?>("Name", "What it is called, unique on its route; without it, its type and its stream, as latency_downstream.",
            ValueKinds.OptionalText, static o => o.Name, static (o, v) => o.Name = v),
        new ValueKey<T, double>("Toxicity", "The share of connections that it acts on, 0 to 1; each draws once.",
            ValueKinds.Share, static o => o.Toxicity, static (o, v) => o.Toxicity = v),
        new ValueKey<T, ToxicScope>("Scope", "Which connections it acts on, by when they began: All, NewConnections or OpenConnections.",
            ValueKinds.ToxicScope, static o => o.Scope, static (o, v) => o.Scope = v),
        new ValuesKey<T, string>("Clients", "The clients that it acts on: addresses and ranges, as in 10.0.0.0/8; without them, all.",
            ValueKinds.AddressRange, static o => o.Clients),
        new ValueKey<T, int>("SkipConnections", "How many connections it leaves alone before it acts on the next ones.",
            ValueKinds.Whole.Within(OptionLimits.CountOrNone), static o => o.SkipConnections, static (o, v) => o.SkipConnections = v),
        new ValueKey<T, int?>("TakeConnections", "How many connections it acts on; without it there is no limit.",
            ValueKinds.OptionalWhole.Within(OptionLimits.AnyCount), static o => o.TakeConnections, static (o, v) => o.TakeConnections = v),
        new ValueKey<T, TimeSpan?>("Duration", "For how long it is there before it is removed; without it, until it is removed.",
            ValueKinds.OptionalDuration.Within(OptionLimits.Timeout), static o => o.Duration, static (o, v) => o.Duration = v),
    ];

    private static ValueKey<T, TimeSpan> Time<T>(string name, string description, Func<T, TimeSpan> get, Action<T, TimeSpan> set)
        where T : new() =>
        new(name, description, ValueKinds.Duration.Within(OptionLimits.TimeoutOrNone), get, set);

    private static ValueKey<T, ToxicEnd> End<T>(Func<T, ToxicEnd> get, Action<T, ToxicEnd> set)
        where T : new() =>
        new("End", "How it ends: Reset, for both sides at once, or Fin.", ValueKinds.ToxicEnd, get, set);
}
