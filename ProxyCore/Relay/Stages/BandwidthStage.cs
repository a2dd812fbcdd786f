namespace ProxyCore.Relay.Stages;

/// <summary>Keeps the rate of a <see cref="BandwidthBucket"/>. It holds no bytes: what exceeds the rate stays unread.</summary>
/// <param name="bucket">What the direction takes its bytes from.</param>
/// <param name="origin">When the loop's clock began, on the clock of the bucket.</param>
internal sealed class BandwidthStage(BandwidthBucket bucket, TimeSpan origin) : Stage
{
    // Booked bytes that the source does not send in time are lost: else each of a thousand quiet connections would have some.
    private static readonly TimeSpan _bookingTime = TimeSpan.FromSeconds(1);

    // Bytes that are paid for, and from when they may pass.
    private int _booked;
    private TimeSpan _due;

    internal override int Room(TimeSpan now)
    {
        if (_due > now)
        {
            return 0;
        }

        long time = TimeOf(now);
        int booked = BookedAt(now);
        int allowed = bucket.Allowed(time);
        if (booked == 0 && allowed < bucket.Quantum(time))
        {
            return 0;
        }

        return (int)Math.Min((long)booked + allowed, bucket.Burst(time));
    }

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        int booked = BookedAt(now);
        _booked = Math.Max(booked - bytes.Length, 0);
        if (bytes.Length > booked)
        {
            bucket.Pay(TimeOf(now), bytes.Length - booked);
        }
    }

    internal override void BeginWait(TimeSpan now)
    {
        if (_due > now)
        {
            return;
        }

        (_booked, long due) = bucket.Book(TimeOf(now));
        _due = TimeSpan.FromTicks(due) - origin;
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _due > now ? _due : null;

    internal override void Release()
    {
        bucket.PayBack(_booked);
        bucket.Release();
    }

    private int BookedAt(TimeSpan now) => now - _due > _bookingTime ? 0 : _booked;

    private long TimeOf(TimeSpan now) => origin.Ticks + now.Ticks;
}
