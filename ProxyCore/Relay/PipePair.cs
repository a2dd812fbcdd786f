using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Platform;

namespace ProxyCore.Relay;

/// <summary>The two directions of a connection, and what the end of one means for the other.</summary>
/// <remarks>
/// A finished direction means nothing for the other: that is half-close, and it needs no case. A side that was reset
/// does: nothing can be sent to it any more, but what had arrived from it before is still read and handed on. So the
/// direction towards it breaks, and the one from it runs on to its end. Belongs to the loop's thread.
/// </remarks>
internal sealed partial class PipePair
{
    private readonly Socket _client;
    private readonly Socket _upstream;
    private readonly RelayBuffers _buffers;
    private RelayLayers? _layers;
    private Pipe _toUpstream;
    private Pipe _toClient;

    // 0 for none, else the side + 1: as ConnectionSide? each would take eight bytes of every connection.
    private byte _firstFin;
    private byte _failedSide;

    /// <param name="client">The client.</param>
    /// <param name="upstream">The upstream.</param>
    /// <param name="buffers">What they relay with.</param>
    /// <param name="layers">What stands between the sockets; null for nothing.</param>
    /// <param name="upstreamDelays">Whether TCP_NODELAY is still to be set on the upstream, ahead of its second write.</param>
    internal PipePair(Socket client, Socket upstream, RelayBuffers buffers, RelayLayers? layers = null, bool upstreamDelays = false)
    {
        _client = client;
        _upstream = upstream;
        _buffers = buffers;
        _layers = layers;
        _toUpstream = new Pipe(buffers, sinkDelays: upstreamDelays);
        _toClient = new Pipe(buffers, looksForEnd: TargetSystem.IsLinux);
    }

    /// <summary>Which side finished sending first.</summary>
    internal ConnectionSide? FirstFin => _firstFin == 0 ? null : (ConnectionSide)(_firstFin - 1);

    /// <summary>Which side failed first.</summary>
    internal ConnectionSide? FailedSide => _failedSide == 0 ? null : (ConnectionSide)(_failedSide - 1);

    /// <summary>How <see cref="FailedSide"/> failed: reset or lost.</summary>
    internal TransferResult Failure { get; private set; }

    /// <summary>Whether a side has finished sending, or can't be sent to any more, and the connection goes on.</summary>
    internal bool IsHalfClosed => (_toUpstream.SourceHasEnded || _toClient.SourceHasEnded) && !IsOver;

    /// <summary>Whether both directions wait for nothing but the next bytes of their sources, and nothing stands between the sockets.</summary>
    internal bool Flows => _layers is null && _toUpstream.Flows && _toClient.Flows;

    /// <summary>Whether neither direction will move another byte.</summary>
    internal bool IsOver => _toUpstream.IsOver && _toClient.IsOver;

    internal long BytesToUpstream => _toUpstream.Relayed;

    internal long BytesToClient => _toClient.Relayed;

    /// <summary>The direction whose bytes come from <paramref name="side"/>.</summary>
    internal ref Pipe From(ConnectionSide side) =>
        ref side == ConnectionSide.Client ? ref _toUpstream : ref _toClient;

    /// <summary>The direction whose bytes go to <paramref name="side"/>.</summary>
    internal ref Pipe To(ConnectionSide side) =>
        ref side == ConnectionSide.Client ? ref _toClient : ref _toUpstream;

    /// <summary>
    /// Reads once from <paramref name="source"/>, whose socket is readable, and sends on. Returns the bytes read, valid
    /// until the next read of the loop.
    /// </summary>
    internal ReadOnlySpan<byte> Read(ConnectionSide source, TimeSpan now) =>
        _layers is null ? From(source).Read(BareEndsFrom(source, now)) : ReadThroughLayers(source, now);

    /// <summary>Sends what is pending for <paramref name="sink"/>, whose socket is writable, as far as it takes it.</summary>
    internal void Flush(ConnectionSide sink, TimeSpan now)
    {
        if (_layers is null)
        {
            To(sink).Flush(EndsFrom(Other(sink), now));
        }
        else
        {
            FlushThroughLayers(sink, now);
        }
    }

    /// <summary>
    /// Takes over bytes that were read from <paramref name="source"/> before relaying began, and sends them ahead of all
    /// others. <paramref name="early"/> is a block of the pool of these buffers; its first <paramref name="own"/> bytes are the
    /// proxy's own, and do not count as relayed.
    /// </summary>
    internal void SendEarly(ConnectionSide source, PendingBytes early, int own, TimeSpan now) =>
        From(source).SendEarly(early, own, EndsFrom(source, now));

    /// <summary>Ends both directions as if both sides had sent their FIN: what is held goes out, then the end.</summary>
    internal void EndReading(TimeSpan now)
    {
        From(ConnectionSide.Client).EndReading(EndsFrom(ConnectionSide.Client, now));
        From(ConnectionSide.Upstream).EndReading(EndsFrom(ConnectionSide.Upstream, now));
    }

    /// <summary>What <paramref name="side"/> is to be watched for.</summary>
    internal Interest InterestIn(ConnectionSide side)
    {
        ref readonly Pipe from = ref From(side);
        ref readonly Pipe to = ref To(side);
        Interest wanted = (from.WantsRead ? Interest.Read : Interest.None) | (to.WantsWrite ? Interest.Write : Interest.None);
        if (_layers?.TransportOf(side) is { } transport)
        {
            wanted = transport.InterestFor(wanted);
        }

        return wanted == Interest.None && (from.StallIsNoted || from.WaitsForStage) && CanBeWatchedForReset(side)
            ? Interest.Reset
            : wanted;
    }

    /// <summary>
    /// Whether the last read from <paramref name="side"/> took all that had come; null when that can't be told: a Unix
    /// socket ends a read at descriptors that were passed (unix(7)), though more bytes follow.
    /// </summary>
    internal bool? IsDrained(ConnectionSide side) => SocketOf(side).AddressFamily == AddressFamily.Unix
        ? null
        : From(side).IsDrained && (_layers is null || !EndOf(side).HoldsBytes);

    /// <summary>Draws the consequences of what the last event did to one direction.</summary>
    internal void Settle()
    {
        NoteEnd(ConnectionSide.Client);
        NoteEnd(ConnectionSide.Upstream);
    }

    /// <summary>Returns what both directions hold to the pool.</summary>
    internal void Release()
    {
        _toUpstream.Release(_buffers);
        _toClient.Release(_buffers);
        _layers?.Release();
    }

    private static ConnectionSide Other(ConnectionSide side) =>
        side == ConnectionSide.Client ? ConnectionSide.Upstream : ConnectionSide.Client;

    private Socket SocketOf(ConnectionSide side) => side == ConnectionSide.Client ? _client : _upstream;

    private End EndOf(ConnectionSide side) => new(SocketOf(side), _layers?.TransportOf(side));

    private PipeEnds EndsFrom(ConnectionSide source, TimeSpan now) => _layers is null
        ? BareEndsFrom(source, now)
        : new PipeEnds(EndOf(source), EndOf(Other(source)), _layers.StageFrom(source), _buffers, now);

    private PipeEnds BareEndsFrom(ConnectionSide source, TimeSpan now)
    {
        var client = new End(_client, transport: null);
        var upstream = new End(_upstream, transport: null);
        return source == ConnectionSide.Client
            ? new PipeEnds(client, upstream, stage: null, _buffers, now)
            : new PipeEnds(upstream, client, stage: null, _buffers, now);
    }

    private void NoteEnd(ConnectionSide side)
    {
        ref Pipe from = ref From(side);
        ref Pipe to = ref To(side);
        if (_firstFin == 0 && from.State is PipeState.Ending or PipeState.Done && from.SourceFailure == TransferResult.Success)
        {
            _firstFin = (byte)(side + 1);
        }

        TransferResult failure = from.SourceFailure != TransferResult.Success ? from.SourceFailure : to.SinkFailure;
        if (failure == TransferResult.Success)
        {
            return;
        }

        if (_failedSide == 0)
        {
            _failedSide = (byte)(side + 1);
            Failure = failure;
        }

        from.ExpectReset(failure);
        if (!to.IsOver)
        {
            to.Break(_buffers);
        }
    }
}
