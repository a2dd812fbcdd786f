namespace ProxyCore.Relay.Toxics;

/// <summary>Makes the stages of toxics.</summary>
internal static class ToxicStages
{
    /// <summary>Whether a toxic acts on the bytes of a connection that relays; the others act before that.</summary>
    internal static bool ActsOnBytes(Toxic toxic) => toxic is not (ConnectDelayToxic or RefuseToxic);

    /// <summary>The stage of a toxic that acts on bytes.</summary>
    internal static ToxicStage Create(Toxic toxic, in ToxicContext context) => toxic switch
    {
        LatencyToxic latency => new LatencyStage(latency, in context),
        BandwidthToxic bandwidth => new RateStage(bandwidth, in context),
        SlowCloseToxic slowClose => new SlowCloseStage(slowClose, in context),
        TimeoutToxic timeout => new TimeoutStage(timeout, in context),
        CloseToxic close => new CloseStage(close, in context),
        SlicerToxic slicer => new SlicerStage(slicer, in context),
        LimitDataToxic limit => new LimitDataStage(limit, in context),
        SwallowToxic => new SwallowStage(in context),
        CorruptToxic corrupt => new CorruptStage(corrupt, in context),
        CutToxic cut => new CutStage(cut, in context),
        StallToxic => new StallStage(in context),
        NoOpToxic => new NoOpStage(in context),
        CustomToxic custom => new CustomStage(custom, in context),
        _ => throw new ArgumentException($"{toxic.Type} does not act on bytes", nameof(toxic)),
    };
}
