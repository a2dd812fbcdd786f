using System.Diagnostics;
using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>Where one direction of a connection stands.</summary>
internal enum PipeState : byte
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
/// never seen before all bytes ahead of it are out: it can be handed on there and then. A struct, and without the
/// sockets that its <see cref="PipePair"/> has anyway: both pipes of a connection are one object, of half the size.
/// Belongs to the loop's thread.
/// </remarks>
internal struct Pipe
{
    private PendingBytes? _pending;
    private ReadSize _readSize;

    internal Pipe(RelayBuffers buffers) => _readSize = new ReadSize(buffers);

    internal PipeState State { get; private set; }

    /// <summary>Whether it acts when the source is readable.</summary>
    internal readonly bool WantsRead => State == PipeState.Open && _pending is null;

    /// <summary>Whether it acts when the sink is writable.</summary>
    internal readonly bool WantsWrite => _pending is not null;

    /// <summary>Whether the last read took all that had come, as far as a short read tells.</summary>
    internal bool IsDrained { get; private set; }

    /// <summary>How many bytes the sink has not taken yet.</summary>
    internal readonly int Pending => _pending?.Count ?? 0;

    /// <summary>How many bytes the sink has taken.</summary>
    internal long Relayed { get; private set; }

    /// <summary>What reading the source came to when that broke the pipe.</summary>
    internal TransferResult SourceFailure { get; private set; }

    /// <summary>What writing to the sink came to when that broke the pipe.</summary>
    internal TransferResult SinkFailure { get; private set; }

    /// <summary>Reads once from the source and sends on. Returns the bytes read, valid until the next read of the loop.</summary>
    internal ReadOnlySpan<byte> Read(Socket source, Socket sink, RelayBuffers buffers)
    {
        Debug.Assert(WantsRead, "read while bytes are pending or after the end");
        int asked = _readSize.Next(sink, buffers);
        TransferResult result = SocketTransfer.Receive(source, buffers.Read.AsSpan(0, asked), out int count);
        IsDrained = count < asked;
        switch (result)
        {
            case TransferResult.WouldBlock:
                return default;
            case TransferResult.Success when count > 0:
                ReadOnlySpan<byte> bytes = buffers.Read.AsSpan(0, count);
                _readSize.Learn(asked, count, Send(sink, bytes, buffers), buffers);
                return bytes;
            case TransferResult.Success:
                HandOnEnd(sink, buffers);
                return default;
            case var failure:
                SourceFailure = failure;
                Break(buffers);
                return default;
        }
    }

    /// <summary>Sends what is pending, as far as the sink takes it.</summary>
    internal void Flush(Socket sink, RelayBuffers buffers)
    {
        PendingBytes pending = _pending!;
        int sent = SendTo(sink, pending.Span, buffers);
        if (State == PipeState.Broken)
        {
            return;
        }

        pending.Advance(sent);
        if (pending.Count == 0)
        {
            Release(buffers);
        }
    }

    /// <summary>Ends it without a FIN and drops what is pending.</summary>
    internal void Break(RelayBuffers buffers)
    {
        MoveTo(PipeState.Broken);
        Release(buffers);
    }

    /// <summary>
    /// Tells it that the source is known to be reset, which was learned by writing to it: what had arrived before is
    /// still read, but the end that follows is no orderly one.
    /// </summary>
    internal void ExpectReset(TransferResult failure) => SourceFailure = failure;

    /// <summary>Returns what it holds to the pool.</summary>
    internal void Release(RelayBuffers buffers)
    {
        if (_pending is { } pending)
        {
            _pending = null;
            buffers.Pool.Return(pending);
        }
    }

    private int Send(Socket sink, ReadOnlySpan<byte> bytes, RelayBuffers buffers)
    {
        int sent = SendTo(sink, bytes, buffers);
        if (State == PipeState.Open && sent < bytes.Length)
        {
            _pending = buffers.Pool.Keep(bytes[sent..]);
        }

        return sent;
    }

    private int SendTo(Socket sink, ReadOnlySpan<byte> bytes, RelayBuffers buffers)
    {
        TransferResult result = SocketTransfer.Send(sink, bytes, out int sent);
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            SinkFailure = result;
            Break(buffers);
            return 0;
        }

        Relayed += sent;
        return sent;
    }

    private void HandOnEnd(Socket sink, RelayBuffers buffers)
    {
        // A reset socket reports it once, to whichever call comes first, and from then on reads as ended.
        if (SourceFailure != TransferResult.Success)
        {
            Break(buffers);
            return;
        }

        SinkFailure = ShutDown(sink);
        if (SinkFailure != TransferResult.Success)
        {
            Break(buffers);
            return;
        }

        MoveTo(PipeState.Done);
    }

    private static TransferResult ShutDown(Socket sink)
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
