using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Relay;

/// <summary>The two directions of a connection, and what the end of one means for the other.</summary>
/// <remarks>
/// A finished direction means nothing for the other: that is half-close, and it needs no case. A side that was reset
/// does: nothing can be sent to it any more, but what had arrived from it before is still read and handed on. So the
/// direction towards it breaks, and the one from it runs on to its end. Belongs to the loop's thread.
/// </remarks>
internal sealed class PipePair(Socket client, Socket upstream, RelayBuffers buffers)
{
    private Pipe _toUpstream = new(buffers);
    private Pipe _toClient = new(buffers);

    /// <summary>Which side finished sending first.</summary>
    internal ConnectionSide? FirstFin { get; private set; }

    /// <summary>Which side failed first.</summary>
    internal ConnectionSide? FailedSide { get; private set; }

    /// <summary>How <see cref="FailedSide"/> failed: reset or lost.</summary>
    internal TransferResult Failure { get; private set; }

    /// <summary>Whether exactly one direction has ended.</summary>
    internal bool IsHalfClosed => (_toUpstream.State == PipeState.Open) != (_toClient.State == PipeState.Open);

    /// <summary>Whether neither direction will move another byte.</summary>
    internal bool IsOver => _toUpstream.State != PipeState.Open && _toClient.State != PipeState.Open;

    internal long BytesToUpstream => _toUpstream.Relayed;

    internal long BytesToClient => _toClient.Relayed;

    /// <summary>The direction whose bytes come from <paramref name="side"/>.</summary>
    internal ref Pipe From(ConnectionSide side) =>
        ref side == ConnectionSide.Client ? ref _toUpstream : ref _toClient;

    /// <summary>The direction whose bytes go to <paramref name="side"/>.</summary>
    internal ref Pipe To(ConnectionSide side) =>
        ref side == ConnectionSide.Client ? ref _toClient : ref _toUpstream;

    /// <summary>Reads once from <paramref name="source"/> and sends on. Returns the bytes read, valid until the next read of the loop.</summary>
    internal ReadOnlySpan<byte> Read(ConnectionSide source) =>
        source == ConnectionSide.Client
            ? _toUpstream.Read(client, upstream, buffers)
            : _toClient.Read(upstream, client, buffers);

    /// <summary>Sends what is pending for <paramref name="sink"/>, as far as it takes it.</summary>
    internal void Flush(ConnectionSide sink) =>
        To(sink).Flush(sink == ConnectionSide.Client ? client : upstream, buffers);

    /// <summary>What <paramref name="side"/> is to be watched for.</summary>
    internal Interest InterestIn(ConnectionSide side) =>
        (From(side).WantsRead ? Interest.Read : Interest.None) | (To(side).WantsWrite ? Interest.Write : Interest.None);

    /// <summary>
    /// Whether the last read from <paramref name="side"/> took all that had come; null when that can't be told: a Unix
    /// socket ends a read at descriptors that were passed (unix(7)), though more bytes follow.
    /// </summary>
    internal bool? IsDrained(ConnectionSide side) =>
        (side == ConnectionSide.Client ? client : upstream).AddressFamily == AddressFamily.Unix ? null : From(side).IsDrained;

    /// <summary>Draws the consequences of what the last event did to one direction.</summary>
    internal void Settle()
    {
        NoteEnd(ConnectionSide.Client);
        NoteEnd(ConnectionSide.Upstream);
    }

    /// <summary>Returns what both directions hold to the pool.</summary>
    internal void Release()
    {
        _toUpstream.Release(buffers);
        _toClient.Release(buffers);
    }

    private void NoteEnd(ConnectionSide side)
    {
        ref Pipe from = ref From(side);
        ref Pipe to = ref To(side);
        if (from.State == PipeState.Done)
        {
            FirstFin ??= side;
        }

        TransferResult failure = from.SourceFailure != TransferResult.Success ? from.SourceFailure : to.SinkFailure;
        if (failure == TransferResult.Success)
        {
            return;
        }

        if (FailedSide is null)
        {
            FailedSide = side;
            Failure = failure;
        }

        from.ExpectReset(failure);
        if (to.State == PipeState.Open)
        {
            to.Break(buffers);
        }
    }
}
