namespace ProxyCore.Relay;

/// <content>Stages that come and go while the connection relays.</content>
internal sealed partial class PipePair
{
    /// <summary>The stage that has ended the connection; null for none.</summary>
    internal HoldingStage? EndedBy => ChainFrom(ConnectionSide.Client)?.EndedBy ?? ChainFrom(ConnectionSide.Upstream)?.EndedBy;

    /// <summary>
    /// Adds a stage behind all others that the bytes from <paramref name="source"/> pass through. False when these have ended:
    /// the stage is not used.
    /// </summary>
    internal bool TryAddStage(ConnectionSide source, HoldingStage stage)
    {
        if (From(source).State != PipeState.Open && ChainFrom(source) is null)
        {
            return false;
        }

        _layers ??= new RelayLayers();
        if (_layers.StageFrom(source) is not StageChain chain)
        {
            chain = ChainAround(_layers.StageFrom(source));
            _layers.UseStage(source, chain);
        }

        chain.Add(stage);
        return true;
    }

    /// <summary>
    /// Takes a stage out that was added. What it holds is handed on as fast as the sink takes it: call <see cref="Pump"/>
    /// afterwards.
    /// </summary>
    internal void RemoveStage(ConnectionSide source, HoldingStage stage, TimeSpan now) => ChainFrom(source)!.Remove(stage, now);

    /// <summary>Does what stages have decided: one may end both directions, and one that was taken out may be done.</summary>
    internal void SettleStages(TimeSpan now)
    {
        SettleStagesFrom(ConnectionSide.Client, now);
        SettleStagesFrom(ConnectionSide.Upstream, now);
        if (_layers is { Client: null, Upstream: null, FromClient: null, FromUpstream: null })
        {
            _layers = null;
        }
    }

    private static StageChain ChainAround(Stage? stage)
    {
        if (stage is not HoldingStage first)
        {
            return new StageChain(stage);
        }

        var chain = new StageChain(limit: null);
        chain.Add(first);
        return chain;
    }

    private StageChain? ChainFrom(ConnectionSide source) => _layers?.StageFrom(source) as StageChain;

    private void SettleStagesFrom(ConnectionSide source, TimeSpan now)
    {
        if (_layers?.StageFrom(source) is not HoldingStage stage)
        {
            return;
        }

        ref Pipe other = ref To(source);
        switch (stage.Verdict)
        {
            case StageVerdict.Close when !other.IsOver:
                other.EndReading(EndsFrom(Other(source), now));
                break;
            case StageVerdict.Reset when !other.IsOver:
                other.FailSink(TransferResult.Cut, _buffers);
                break;
        }

        if (stage is StageChain { IsEmpty: true } chain && From(source).State == PipeState.Open)
        {
            _layers.UseStage(source, chain.Limit);
            From(source).LeaveStages(EndsFrom(source, now));
        }
    }
}
