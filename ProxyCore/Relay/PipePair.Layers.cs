namespace ProxyCore.Relay;

/// <content>The way through transports and stages.</content>
internal sealed partial class PipePair
{
    /// <summary>Whether transports or stages stand between the sockets.</summary>
    internal bool HasLayers => _layers is not null;

    /// <summary>Whether the stream from <paramref name="side"/> has ended, and bytes of it may be missing.</summary>
    internal bool IsTruncated(ConnectionSide side) => _layers?.TransportOf(side) is { IsTruncated: true } && From(side).State != PipeState.Open;

    /// <summary>
    /// Whether <paramref name="side"/> can be read at once, though no event will come for it: its transport holds bytes.
    /// </summary>
    internal bool CanReadHeld(ConnectionSide side) => _layers is not null && EndOf(side).HoldsBytes && From(side).WantsRead;

    /// <summary>Whether bytes of a direction wait for nothing but time: for its rate, or in a stage.</summary>
    internal bool WaitsForTime => WaitsForTimeFrom(ConnectionSide.Client) || WaitsForTimeFrom(ConnectionSide.Upstream);

    /// <summary>When, after <paramref name="now"/>, a stage is due next; null for never.</summary>
    internal TimeSpan? NextDue(TimeSpan now) =>
        Earlier(NextDueFrom(ConnectionSide.Client, now), NextDueFrom(ConnectionSide.Upstream, now));

    /// <summary>Moves what the stages have ready by now.</summary>
    internal void Pump(TimeSpan now)
    {
        PumpFrom(ConnectionSide.Client, now);
        PumpFrom(ConnectionSide.Upstream, now);
    }

    private bool WaitsForTimeFrom(ConnectionSide side) => _layers?.StageFrom(side) switch
    {
        null => false,
        _ when From(side).IsOver => false,
        HoldingStage { HoldsBytes: true } => !From(side).WantsWrite,
        StageChain { Limit: not null } => From(side).WaitsForStage,
        HoldingStage => false,
        _ => From(side).WaitsForStage,
    };

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private ReadOnlySpan<byte> ReadThroughLayers(ConnectionSide source, TimeSpan now)
    {
        // A transport may be watched for reading in order to send.
        if (_layers!.TransportOf(source) is not null && To(source).WantsWrite)
        {
            To(source).Flush(EndsFrom(Other(source), now));
        }

        return From(source).WantsRead ? From(source).Read(EndsFrom(source, now)) : default;
    }

    private void FlushThroughLayers(ConnectionSide sink, TimeSpan now)
    {
        // What the transport holds was taken from the pipe already: no later send would tell of the failure.
        TransferResult result = _layers!.TransportOf(sink)?.Flush() ?? TransferResult.Success;
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            To(sink).FailSink(result, _buffers);
        }
        else if (To(sink).WantsWrite)
        {
            To(sink).Flush(EndsFrom(Other(sink), now));
        }
    }

    /// <summary>A stage may end the connection by time also when its own direction is done.</summary>
    private bool HasWorkFor(ConnectionSide source) => From(source).State != PipeState.Broken && !IsOver;

    private TimeSpan? NextDueFrom(ConnectionSide source, TimeSpan now) =>
        HasWorkFor(source) ? _layers?.StageFrom(source)?.NextDue(now) : null;

    private void PumpFrom(ConnectionSide source, TimeSpan now)
    {
        if (_layers?.StageFrom(source) is not { } stage || !HasWorkFor(source))
        {
            return;
        }

        if (!From(source).IsOver)
        {
            From(source).Pump(EndsFrom(source, now));
        }
        else if (stage is HoldingStage holding)
        {
            // Nothing is left to send: it only learns the time.
            holding.Ready(now);
        }
    }
}
