using System.Diagnostics;
using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>Where one direction of a connection stands.</summary>
internal enum PipeState
{
    /// <summary>Bytes may flow.</summary>
    Open,

    /// <summary>The source's end of stream has been handed on: the sink has its FIN.</summary>
    Done,

    /// <summary>One of its two ends was reset or lost: nothing flows any more, and the sink got no FIN.</summary>
    Broken,
}

/// <summary>
/// One direction of a connection: what is read from the source is sent to the sink at once, and only what the sink
/// does not take is kept.
/// </summary>
/// <remarks>
/// It reads only while nothing is pending. So what it holds is bounded by one read, and the end of the stream is
/// never seen before all bytes ahead of it are out: it can be handed on there and then. Belongs to the loop's thread.
/// </remarks>
internal sealed class Pipe(Socket source, Socket sink, RelayBuffers buffers)
{
    private PendingBytes _pending;
    private ReadSize _readSize = new(buffers.MostPending, buffers.Read.Length);

    internal PipeState State { get; private set; }

    /// <summary>Whether it acts when the source is readable.</summary>
    internal bool WantsRead => State == PipeState.Open && _pending.Count == 0;

    /// <summary>Whether it acts when the sink is writable.</summary>
    internal bool WantsWrite => _pending.Count > 0;

    /// <summary>How many bytes the sink has not taken yet.</summary>
    internal int Pending => _pending.Count;

    /// <summary>How many bytes the sink has taken.</summary>
    internal long Relayed { get; private set; }

    /// <summary>What reading the source came to when that broke the pipe.</summary>
    internal TransferResult SourceFailure { get; private set; }

    /// <summary>What writing to the sink came to when that broke the pipe.</summary>
    internal TransferResult SinkFailure { get; private set; }

    /// <summary>Reads once from the source and sends on. Returns the bytes read, valid until the next read of the loop.</summary>
    internal ReadOnlySpan<byte> Read()
    {
        Debug.Assert(WantsRead, "read while bytes are pending or after the end");
        int asked = _readSize.Next(sink);
        int count = source.Receive(buffers.Read.AsSpan(0, asked), SocketFlags.None, out SocketError error);
        switch (SocketErrors.Classify(error))
        {
            case TransferResult.WouldBlock:
                return default;
            case TransferResult.Success when count > 0:
                _readSize.Learn(asked, count, Send(buffers.Read.AsSpan(0, count)));
                return buffers.Read.AsSpan(0, count);
            case TransferResult.Success:
                HandOnEnd();
                return default;
            case var failure:
                SourceFailure = failure;
                Break();
                return default;
        }
    }

    /// <summary>Sends what is pending, as far as the sink takes it.</summary>
    internal void Flush()
    {
        int sent = SendTo(sink, _pending.Span);
        if (sent > 0)
        {
            _pending.Advance(sent, buffers.Pool);
        }
    }

    /// <summary>Ends it without a FIN and drops what is pending.</summary>
    internal void Break()
    {
        MoveTo(PipeState.Broken);
        _pending.Release(buffers.Pool);
    }

    /// <summary>
    /// Tells it that the source is known to be reset, which was learned by writing to it: what had arrived before is
    /// still read, but the end that follows is no orderly one.
    /// </summary>
    internal void ExpectReset(TransferResult failure) => SourceFailure = failure;

    /// <summary>Returns what it holds to the pool. Its owner closes.</summary>
    internal void Release() => _pending.Release(buffers.Pool);

    private int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = SendTo(sink, bytes);
        if (State == PipeState.Open && sent < bytes.Length)
        {
            _pending.Keep(bytes[sent..], buffers.Pool);
        }

        return sent;
    }

    private int SendTo(Socket socket, ReadOnlySpan<byte> bytes)
    {
        int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
        TransferResult result = SocketErrors.Classify(error);
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            SinkFailure = result;
            Break();
            return 0;
        }

        sent = result == TransferResult.Success ? sent : 0;
        Relayed += sent;
        return sent;
    }

    private void HandOnEnd()
    {
        // A reset socket reports it once, to whichever call comes first, and from then on reads as ended.
        if (SourceFailure != TransferResult.Success)
        {
            Break();
            return;
        }

        SinkFailure = ShutDownSink();
        if (SinkFailure != TransferResult.Success)
        {
            Break();
            return;
        }

        MoveTo(PipeState.Done);
    }

    private TransferResult ShutDownSink()
    {
        // Asked first: on a socket that .NET holds for connected, as it does an accepted one, Shutdown says nothing
        // when a reset has disconnected it.
        var error = (SocketError)(int)sink.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            return SocketErrors.Classify(error);
        }

        try
        {
            sink.Shutdown(SocketShutdown.Send);
            return TransferResult.Success;
        }
        catch (SocketException exception)
        {
            return SocketErrors.Classify(exception.SocketErrorCode);
        }
    }

    private void MoveTo(PipeState state)
    {
        Debug.Assert(State == PipeState.Open, "a pipe ends once");
        State = state;
    }
}
