namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="LatencyToxic"/>.</summary>
/// <remarks>
/// The delay of a read is drawn when those before it have left: so they stay in order, and a change of the toxic holds for all
/// that wait.
/// </remarks>
internal sealed class LatencyStage(LatencyToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    // What waits, with the times of its arrival.
    private readonly ChunkRing _waiting = new();
    private LatencyToxic _toxic = toxic;
    private ToxicRandom _random = new(context.Seed);

    // When the first that waits may leave.
    private TimeSpan _due;
    private int _ready;

    protected override int MostHeld => _toxic.MaxHeld;

    internal override int Room(TimeSpan now) => _waiting.IsFull ? 0 : base.Room(now);

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        base.Take(bytes, now);
        if (IsLetGo)
        {
            return;
        }

        if (_waiting.IsEmpty)
        {
            _due = DueOf(now);
        }

        if (_toxic.Jitter == TimeSpan.Zero)
        {
            _waiting.Join(now, bytes.Length);
        }
        else
        {
            _waiting.Add(now, bytes.Length);
        }
    }

    internal override void Advance(int count)
    {
        base.Advance(count);
        _ready -= count;
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _waiting.IsEmpty || _ready > 0 ? null : _due;

    internal override void LetGo(TimeSpan now)
    {
        base.LetGo(now);
        _waiting.Clear();
    }

    /// <summary>What is waited for leaves at once, as toxiproxy does it; the delay of what is behind it is drawn anew.</summary>
    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _toxic = (LatencyToxic)toxic;
        if (!_waiting.IsEmpty)
        {
            _due = _ready > 0 ? DueOf(_waiting.First.Time) : now;
        }
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        while (!_waiting.IsEmpty && _due <= now)
        {
            _ready += _waiting.Take();
            if (!_waiting.IsEmpty)
            {
                _due = DueOf(_waiting.First.Time);
            }
        }

        return _ready;
    }

    private TimeSpan DueOf(TimeSpan arrival)
    {
        long jitter = _toxic.Jitter.Ticks;
        TimeSpan due = arrival + _toxic.Latency;
        return jitter == 0 ? due : due + TimeSpan.FromTicks(_random.NextBelow(2 * jitter) - jitter);
    }
}
