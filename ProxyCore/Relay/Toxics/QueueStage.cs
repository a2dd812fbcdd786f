namespace ProxyCore.Relay.Toxics;

/// <summary>A stage that hands on the bytes that it takes, in their order. By itself it holds nothing back.</summary>
internal abstract class QueueStage(in ToxicContext context) : ToxicStage
{
    /// <summary>The most bytes that a stage holds that has no reason to hold more: as many as a fast stream takes at a time.</summary>
    protected const int UsualMost = 256 * 1024;

    // Less room is not worth a read.
    private const int LeastRoom = PendingBudget.LeastForOne;

    private readonly RelayBuffers _buffers = context.Buffers;

    internal sealed override bool HoldsBytes => Held.Count > 0;

    /// <summary>What was taken and is not handed on.</summary>
    protected ByteQueue Held { get; } = new(context.Buffers.Pool);

    /// <summary>Whether the toxic was removed: it changes nothing any more.</summary>
    protected bool IsLetGo { get; private set; }

    /// <summary>Whether the end of the stream has come.</summary>
    protected bool HasEnd { get; private set; }

    /// <summary>The most bytes that it holds.</summary>
    protected virtual int MostHeld => UsualMost;

    internal override int Room(TimeSpan now)
    {
        if (Verdict != StageVerdict.Continue)
        {
            return 0;
        }

        int room = _buffers.RoomFor(Held.Count, MostHeld);
        return room < LeastRoom && HoldsBytes ? 0 : room;
    }

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now) => Held.Append(bytes);

    internal override void TakeEnd(TimeSpan now) => HasEnd = true;

    internal sealed override ReadOnlySpan<byte> Ready(TimeSpan now)
    {
        int ready = IsLetGo ? Held.Count : ReadyBytes(now);
        ReadOnlySpan<byte> first = Held.First;
        return first.Length > ready ? first[..ready] : first;
    }

    internal override void Advance(int count) => Held.Advance(count);

    internal override bool IsEndReady(TimeSpan now) => !HoldsBytes;

    internal override void LetGo(TimeSpan now) => IsLetGo = true;

    internal override TimeSpan? NextDue(TimeSpan now) => null;

    internal override void Release() => Held.Clear();

    /// <summary>How many of the bytes that it holds may be sent now. Not asked once it is let go.</summary>
    protected virtual int ReadyBytes(TimeSpan now) => Held.Count;

    protected static StageVerdict VerdictOf(ToxicEnd end) => end == ToxicEnd.Fin ? StageVerdict.Close : StageVerdict.Reset;
}
