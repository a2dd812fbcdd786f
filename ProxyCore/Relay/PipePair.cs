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
    private readonly Pipe _toUpstream = new(client, upstream, buffers);
    private readonly Pipe _toClient = new(upstream, client, buffers);

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
    internal Pipe From(ConnectionSide side) => side == ConnectionSide.Client ? _toUpstream : _toClient;

    /// <summary>The direction whose bytes go to <paramref name="side"/>.</summary>
    internal Pipe To(ConnectionSide side) => side == ConnectionSide.Client ? _toClient : _toUpstream;

    /// <summary>What <paramref name="side"/> is to be watched for.</summary>
    internal Interest InterestIn(ConnectionSide side) =>
        (From(side).WantsRead ? Interest.Read : Interest.None) | (To(side).WantsWrite ? Interest.Write : Interest.None);

    /// <summary>Draws the consequences of what the last event did to one direction.</summary>
    internal void Settle()
    {
        NoteEnd(ConnectionSide.Client);
        NoteEnd(ConnectionSide.Upstream);
    }

    /// <summary>Returns what both directions hold to the pool.</summary>
    internal void Release()
    {
        _toUpstream.Release();
        _toClient.Release();
    }

    private void NoteEnd(ConnectionSide side)
    {
        Pipe from = From(side);
        Pipe to = To(side);
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
            to.Break();
        }
    }
}
