namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="CustomToxic"/>: between the relay and what a user has written.</summary>
internal sealed class CustomStage : QueueStage
{
    private static readonly TimeSpan _longestDelay = TimeSpan.FromDays(365);

    // What waits, with the times from when it may leave.
    private readonly ChunkRing _waiting = new();
    private readonly IToxicStage _toxic;
    private readonly Output _output;
    private TimeSpan _now;
    private TimeSpan? _endDue;
    private ToxicEnd? _close;
    private int _ready;
    private bool _isRemoved;

    internal CustomStage(CustomToxic toxic, in ToxicContext context)
        : base(in context)
    {
        _now = context.Now;
        _output = new Output(this);
        _toxic = toxic.CreateStage();
    }

    internal override StageVerdict Verdict => _close switch
    {
        ToxicEnd.Reset => StageVerdict.Reset,
        ToxicEnd.Fin => HoldsBytes ? StageVerdict.Continue : StageVerdict.Close,
        _ => _endDue is not null && !HasEnd ? StageVerdict.End : StageVerdict.Continue,
    };

    private bool HasEnded => _endDue is not null || _close is not null;

    internal override int Room(TimeSpan now) => HasEnded || _waiting.IsFull ? 0 : base.Room(now);

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        _now = now;
        if (IsLetGo)
        {
            base.Take(bytes, now);
        }
        else
        {
            _toxic.OnBytes(bytes, _output);
        }
    }

    internal override void TakeEnd(TimeSpan now)
    {
        base.TakeEnd(now);
        _now = now;
        if (IsLetGo)
        {
            _endDue = now;
        }
        else if (!HasEnded)
        {
            _toxic.OnEnd(_output);
        }
    }

    internal override void Advance(int count)
    {
        base.Advance(count);
        _ready -= count;
    }

    internal override bool IsEndReady(TimeSpan now) => !HoldsBytes && (_close is not null || _endDue <= now);

    internal override TimeSpan? NextDue(TimeSpan now)
    {
        if (HoldsBytes)
        {
            return _ready > 0 || IsLetGo ? null : _waiting.First.Time;
        }

        return _endDue > now ? _endDue : null;
    }

    internal override void LetGo(TimeSpan now)
    {
        base.LetGo(now);
        _now = now;
        _waiting.Clear();
        _endDue = HasEnd || _endDue is not null ? now : null;
        Remove();
    }

    // What a user has made does not change: the toxic has it from the beginning.
    internal override void Change(Toxic toxic, TimeSpan now)
    {
    }

    internal override void Release()
    {
        base.Release();
        try
        {
            Remove();
        }
        catch (Exception)
        {
            // The connection has ended. There is nothing left that the fault could end, and all else must be released.
        }
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        _now = now;
        while (!_waiting.IsEmpty && _waiting.First.Time <= now)
        {
            _ready += _waiting.Take();
        }

        return _ready;
    }

    private void Remove()
    {
        if (!_isRemoved)
        {
            _isRemoved = true;
            _toxic.OnRemoved();
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, TimeSpan delay)
    {
        TimeSpan due = DueAfter(delay);
        if (bytes.IsEmpty)
        {
            return;
        }

        Held.Append(bytes);
        if (!IsLetGo)
        {
            _waiting.Join(due, bytes.Length);
        }
    }

    private TimeSpan DueAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, _longestDelay);
        return HasEnded || _isRemoved ? throw new InvalidOperationException("The stream of this toxic has ended.") : _now + delay;
    }

    private sealed class Output(CustomStage stage) : ToxicOutput
    {
        public override TimeSpan Now => stage._now;

        public override void Write(ReadOnlySpan<byte> bytes, TimeSpan delay = default) => stage.Write(bytes, delay);

        public override void EndStream(TimeSpan delay = default) => stage._endDue = stage.DueAfter(delay);

        public override void Close(ToxicEnd how = ToxicEnd.Reset) =>
            stage._close = how == ToxicEnd.Reset ? how : stage._close ?? how;
    }
}
