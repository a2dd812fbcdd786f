namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="BandwidthToxic"/>.</summary>
/// <remarks>
/// As toxiproxy does it: what is read takes its bytes' time at the rate, in pieces of a tenth of a second. The time of a piece
/// begins where that of the one before it has ended, not where a timer said so: so the rate is kept however late timers are.
/// </remarks>
internal sealed class RateStage : QueueStage
{
    private const int PiecesASecond = 10;
    private const int LargestPiece = 256 * 1024;

    // Few pieces, so that a sender feels the rate soon; enough that one is there when the timer of another is late.
    private const int LeastHeld = 32 * 1024;
    private const int LargestHeld = 4 * LargestPiece;
    private const int TimesHeldASecond = 4;

    // What a late timer has cost is made up for; a loop that stood still for longer makes no burst of it.
    private static readonly TimeSpan _mostLate = TimeSpan.FromMilliseconds(100);

    private readonly ChunkRing _waiting = new();
    private long _rate;

    // The bytes at the head of the row that are waited for, and when they may leave; 0 for none.
    private int _piece;
    private TimeSpan _due;
    private int _ready;

    // Until when the rate is used up, and by how much later what used it was looked for.
    private TimeSpan _usedUntil;
    private TimeSpan _late;

    // The bytes, times ticks a second, that the last division has left over.
    private long _remainder;

    // When what is ready became so, and when it was asked for last: the sink has made it wait in between.
    private TimeSpan _readySince;
    private TimeSpan _asked;

    internal RateStage(BandwidthToxic toxic, in ToxicContext context)
        : base(in context) => Change(toxic, context.Now);

    protected override int MostHeld => (int)Math.Clamp(_rate / TimesHeldASecond, LeastHeld, LargestHeld);

    internal override int Room(TimeSpan now) => _waiting.IsFull ? 0 : base.Room(now);

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        base.Take(bytes, now);
        if (IsLetGo)
        {
            return;
        }

        _waiting.Add(now, bytes.Length);
        if (_piece == 0 && _ready == 0)
        {
            BeginPiece();
        }
    }

    internal override void Advance(int count)
    {
        base.Advance(count);
        _ready -= count;
        if (_ready != 0 || IsLetGo)
        {
            return;
        }

        // The sink's time is not the rate's: what it held up does not follow in a burst.
        TimeSpan heldUp = _asked - _readySince;
        _usedUntil += heldUp;
        _due += heldUp;
        if (_piece == 0)
        {
            BeginPiece();
        }
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _piece == 0 || _ready > 0 ? null : _due;

    internal override void LetGo(TimeSpan now)
    {
        base.LetGo(now);
        _waiting.Clear();
        _piece = 0;
    }

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _rate = ((BandwidthToxic)toxic).BytesPerSecond;
        (_usedUntil, _readySince, _asked) = (now, now, now);
        _late = TimeSpan.Zero;
        _remainder = 0;
        BeginPiece();
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        _asked = now;
        if (_ready > 0)
        {
            return _ready;
        }

        _readySince = now;
        while (_piece > 0 && _due <= now)
        {
            _ready += _piece;
            _waiting.Take(_piece);
            _late = now - _due < _mostLate ? now - _due : _mostLate;
            _usedUntil = now - _late;
            BeginPiece();
        }

        return _ready;
    }

    private void BeginPiece()
    {
        _piece = 0;
        if (_rate == 0 || _waiting.IsEmpty)
        {
            return;
        }

        ChunkRing.Chunk first = _waiting.First;
        _piece = (int)Math.Min(first.Bytes, Math.Clamp(_rate / PiecesASecond, 1, LargestPiece));
        TimeSpan from = first.Time - _late;
        (long ticks, _remainder) = Math.DivRem((_piece * TimeSpan.TicksPerSecond) + _remainder, _rate);
        _due = (from > _usedUntil ? from : _usedUntil) + TimeSpan.FromTicks(ticks);
    }
}
