using System.Diagnostics;

namespace ProxyCore.Relay;

/// <summary>
/// One direction of a connection: what is read from the source is sent to the sink at once, and only what the sink
/// does not take is kept.
/// </summary>
/// <remarks>
/// It reads only while nothing is pending. So what it holds is bounded by one read, and the end of the stream is
/// never seen before all bytes ahead of it are out: it can be handed on there and then. With a <see cref="Stage"/>
/// it reads while that has room, and in a <see cref="HoldingStage"/> are the bytes themselves. A struct, and without the ends that its
/// <see cref="PipePair"/> has anyway: both pipes of a connection are one object, of half the size. Belongs to the loop's thread.
/// </remarks>
internal partial struct Pipe
{
    private PendingBytes? _pending;
    private ReadSize _readSize;
    private Flags _flags;
    private long _relayed;

    /// <param name="buffers">What it relays with.</param>
    /// <param name="looksForEnd">Whether it looks behind the first bytes for the end of the stream.</param>
    /// <param name="sinkDelays">Whether the sink holds small writes back so far, and is not to.</param>
    internal Pipe(RelayBuffers buffers, bool looksForEnd = false, bool sinkDelays = false)
    {
        _readSize = new ReadSize(buffers);
        _flags = (looksForEnd ? Flags.LooksForEnd : Flags.None) | (sinkDelays ? Flags.SinkDelays : Flags.None);
    }

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        Drained = 1,
        SinkIsFull = 2,
        StageIsFull = 4,
        StallIsNoted = 8,
        SourceHasEnded = 16,
        LooksForEnd = 32,
        PendingIsEarly = 64,
        SinkDelays = 128,
    }

    internal PipeState State { get; private set; }

    /// <summary>Whether it moves no more byte.</summary>
    internal readonly bool IsOver => State >= PipeState.Done;

    /// <summary>Whether all that was read is out, and nothing has ended or failed: it waits for the next bytes, and for nothing else.</summary>
    internal readonly bool Flows =>
        State == PipeState.Open && _pending is null && SourceFailure == TransferResult.Success && (_flags & ~(Flags.Drained | Flags.LooksForEnd | Flags.SinkDelays)) == 0;

    /// <summary>Whether it acts when the source is readable.</summary>
    internal readonly bool WantsRead => State == PipeState.Open && _pending is null && !Has(Flags.StageIsFull);

    /// <summary>Whether it acts when the sink is writable.</summary>
    internal readonly bool WantsWrite => Has(Flags.SinkIsFull);

    /// <summary>Whether the last read took all that had come, as far as a short read tells.</summary>
    internal readonly bool IsDrained => Has(Flags.Drained);

    /// <summary>Whether the source waits, unread, for a sink that does not take what is pending.</summary>
    internal readonly bool IsStalled => State == PipeState.Open && WantsWrite && !WantsRead;

    /// <summary>Whether the source waits, unread, only because the stage has no room.</summary>
    internal readonly bool WaitsForStage => State == PipeState.Open && _pending is null && Has(Flags.StageIsFull);

    /// <summary>Whether <see cref="NoteStall"/> was called in this stall.</summary>
    internal readonly bool StallIsNoted => Has(Flags.StallIsNoted);

    /// <summary>Whether the source has finished, though what it sent may not be read yet.</summary>
    internal readonly bool SourceHasEnded => State != PipeState.Open || Has(Flags.SourceHasEnded);

    /// <summary>How many bytes are kept here for a sink that has not taken them; what a stage holds does not count.</summary>
    internal readonly int Pending => _pending?.Count ?? 0;

    /// <summary>How many bytes the sink has taken; those that the proxy itself has put ahead of them do not count.</summary>
    internal readonly long Relayed => Math.Max(_relayed, 0);

    /// <summary>What reading the source came to when that broke the pipe.</summary>
    internal TransferResult SourceFailure { get; private set; }

    /// <summary>What writing to the sink came to when that broke the pipe.</summary>
    internal TransferResult SinkFailure { get; private set; }

    /// <summary>Reads once from the source and sends on. Returns the bytes read, valid until the next read of the loop.</summary>
    internal ReadOnlySpan<byte> Read(scoped in PipeEnds ends)
    {
        Debug.Assert(WantsRead, "read while bytes are pending or after the end");
        int asked = _readSize.Next(ends.Sink.Socket, ends.Buffers);
        if (ends.Stage is not null)
        {
            asked = Math.Min(asked, ends.Stage.Room(ends.Now));
            if (asked == 0)
            {
                // A read of no bytes would look like the end of the stream.
                WaitForRoom(in ends);
                return default;
            }
        }

        TransferResult result = ends.Source.Receive(ends.Buffers.Read.AsSpan(0, asked), out int count);
        Set(Flags.Drained, count < asked && result != TransferResult.TryAgain);
        switch (result)
        {
            case TransferResult.WouldBlock or TransferResult.TryAgain:
                return default;
            case TransferResult.Success when count > 0:
                return Has(Flags.LooksForEnd)
                    ? HandOnFirst(asked, count, in ends)
                    : HandOn(asked, ends.Buffers.Read.AsSpan(0, count), in ends);
            case TransferResult.Success:
                HandOnEnd(in ends);
                return default;
            case var failure:
                SourceFailure = failure;
                HandOnEnd(in ends);
                return default;
        }
    }

    /// <summary>Sends what is pending, as far as the sink takes it.</summary>
    internal void Flush(scoped in PipeEnds ends)
    {
        if (ends.Stage is HoldingStage)
        {
            Pump(in ends);
            return;
        }

        if (_pending is not { } pending)
        {
            Debug.Assert(State == PipeState.Ending, "nothing to send");
            SendEnd(in ends);
            return;
        }

        int sent = SendTo(ends.Sink, pending.Span, ends.Buffers);
        if (State == PipeState.Broken)
        {
            return;
        }

        pending.Advance(sent);
        if (pending.Count > 0)
        {
            return;
        }

        Release(ends.Buffers);
        if (State == PipeState.Ending)
        {
            SendEnd(in ends);
        }
    }

    /// <summary>
    /// Takes over bytes that were read from the source before relaying began, and sends them ahead of all others. The first
    /// <paramref name="own"/> of them are the proxy's own.
    /// </summary>
    internal void SendEarly(PendingBytes early, int own, scoped in PipeEnds ends)
    {
        Debug.Assert(WantsRead && Relayed == 0, "early bytes come first");
        _relayed = -own;
        _pending = early;
        if (ends.Stage is HoldingStage)
        {
            Set(Flags.PendingIsEarly, true);
        }
        else
        {
            ends.Stage?.Take(early.Span, ends.Now);
            Set(Flags.SinkIsFull, true);
        }

        Flush(in ends);
    }

    /// <summary>The source is unread for so long that its peer is watched in another way.</summary>
    internal void NoteStall() => Set(Flags.StallIsNoted, true);

    /// <summary>Returns what it holds to the pool.</summary>
    internal void Release(RelayBuffers buffers)
    {
        _flags &= ~(Flags.SinkIsFull | Flags.StallIsNoted | Flags.PendingIsEarly);
        if (_pending is { } pending)
        {
            _pending = null;
            buffers.Pool.Return(pending);
        }
    }

    private ReadOnlySpan<byte> HandOn(
        int asked, ReadOnlySpan<byte> bytes, scoped in PipeEnds ends, bool endFollows = false)
    {
        if (ends.Stage is { } stage)
        {
            stage.Take(bytes, ends.Now);
            if (stage is HoldingStage)
            {
                Pump(in ends);
                return bytes;
            }

            // A read that brought all it asked for has left more behind, most likely: an event for that would be in vain.
            if (bytes.Length == asked)
            {
                WaitForRoom(in ends);
            }
        }

        int sent = SendTo(ends.Sink, bytes, ends.Buffers, endFollows);
        if (State == PipeState.Open && sent < bytes.Length)
        {
            _pending = ends.Buffers.Pool.Keep(bytes[sent..]);
            Set(Flags.SinkIsFull, true);
        }

        _readSize.Learn(asked, bytes.Length, sent, ends.Buffers);
        return bytes;
    }

    private int SendTo(End sink, ReadOnlySpan<byte> bytes, RelayBuffers buffers, bool endFollows = false)
    {
        if (Has(Flags.SinkDelays) && _relayed != 0)
        {
            // What is sent first always goes out at once, and many connections send nothing more: a system call less.
            Set(Flags.SinkDelays, false);
            NoDelay.TrySet(sink.Socket);
        }

        TransferResult result = sink.Send(bytes, out int sent, endFollows);
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            SinkFailure = result;
            Break(buffers);
            return 0;
        }

        _relayed += sent;
        return sent;
    }

    private readonly bool Has(Flags flag) => (_flags & flag) != 0;

    private void Set(Flags flag, bool value) => _flags = value ? _flags | flag : _flags & ~flag;

    private void MoveTo(PipeState state)
    {
        Debug.Assert(State <= state && !IsOver, "a pipe only moves on, and ends once");
        State = state;
    }
}
