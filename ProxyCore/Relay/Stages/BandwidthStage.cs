namespace ProxyCore.Relay.Stages;

/// <summary>Keeps the rate of a <see cref="BandwidthBucket"/>. It holds no bytes: what exceeds the rate stays unread.</summary>
internal sealed class BandwidthStage : Stage
{
    // Booked bytes that the source does not send in time are lost: else each of a thousand quiet connections would have some.
    private static readonly TimeSpan _bookingTime = TimeSpan.FromSeconds(1);

    private readonly BandwidthBucket _bucket;
    private readonly TimeSpan _origin;

    // Bytes that are paid for, and from when they may pass.
    private int _booked;
    private TimeSpan _due;

    /// <param name="bucket">What the direction takes its bytes from.</param>
    /// <param name="origin">When the loop's clock began, on the clock of the bucket.</param>
    internal BandwidthStage(BandwidthBucket bucket, TimeSpan origin)
    {
        _bucket = bucket;
        _origin = origin;
        bucket.Join();
    }

    internal override int Room(TimeSpan now)
    {
        if (_due > now)
        {
            return 0;
        }

        return IsBookedAt(now) ? _booked : _bucket.Room(TimeOf(now));
    }

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        int booked = IsBookedAt(now) ? Math.Min(_booked, bytes.Length) : 0;
        _booked -= booked;
        if (bytes.Length > booked)
        {
            _bucket.Pay(TimeOf(now), bytes.Length - booked);
        }
    }

    internal override void BeginWait(TimeSpan now)
    {
        if (_due > now)
        {
            return;
        }

        (_booked, long due) = _bucket.Book(TimeOf(now));
        _due = TimeSpan.FromTicks(due) - _origin;
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _due > now ? _due : null;

    internal override void Release()
    {
        _bucket.PayBack(_booked);
        _bucket.Release();
    }

    private bool IsBookedAt(TimeSpan now) => _booked > 0 && now - _due <= _bookingTime;

    private long TimeOf(TimeSpan now) => _origin.Ticks + now.Ticks;
}
