namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="SlicerToxic"/>.</summary>
/// <remarks>What comes is halved until the parts are small enough, as toxiproxy does it; each half only when it is its turn.</remarks>
internal sealed class SlicerStage(SlicerToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    private const int MostCut = 64 * 1024;

    // Timers count in milliseconds. What a shorter delay loses by them is made up for, or it would be none at all.
    private static readonly TimeSpan _timerSteps = TimeSpan.FromMilliseconds(2);

    private readonly ChunkRing _waiting = new();

    // The parts of what is being cut that are behind the piece, the next one on top.
    private readonly Stack<int> _parts = new();
    private SlicerToxic _toxic = toxic;
    private ToxicRandom _random = new(context.Seed);
    private int _piece;
    private TimeSpan _due = context.Now;
    private TimeSpan _asked;

    protected override int MostHeld => MostCut;

    internal override int Room(TimeSpan now) => _waiting.IsFull ? 0 : base.Room(now);

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsLetGo)
        {
            base.Take(bytes, now);
            return;
        }

        Held.AppendWhole(bytes);
        _waiting.Add(now, bytes.Length);
    }

    internal override void Advance(int count)
    {
        base.Advance(count);
        _piece -= count;
        if (_piece == 0)
        {
            _due = DueOfNext();
        }
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _piece != 0 || !HoldsBytes || IsLetGo ? null : _due;

    internal override void LetGo(TimeSpan now)
    {
        base.LetGo(now);
        _waiting.Clear();
        _parts.Clear();
    }

    /// <summary>The rest of what is being cut goes in one piece, as toxiproxy does it.</summary>
    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _toxic = (SlicerToxic)toxic;
        _due = now;
        while (_parts.TryPop(out int part))
        {
            _piece += part;
        }
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        _asked = now;
        if (_piece == 0 && HoldsBytes && _due <= now)
        {
            _piece = Cut();
        }

        return _piece;
    }

    private int Cut()
    {
        int part = _parts.TryPop(out int next) ? next : _waiting.Take();
        int variation = _toxic.SizeVariation;
        while (part - _toxic.AverageSize > variation)
        {
            int half = part / 2;
            half += variation == 0 ? 0 : (int)(_random.NextBelow(2L * variation) - variation);
            _parts.Push(part - half);
            part = half;
        }

        return part;
    }

    private TimeSpan DueOfNext()
    {
        TimeSpan delay = _toxic.Delay;
        TimeSpan madeUpFor = delay < _timerSteps ? _timerSteps : TimeSpan.Zero;
        TimeSpan earliest = _asked + delay - madeUpFor;
        return _due + delay > earliest ? _due + delay : earliest;
    }
}
