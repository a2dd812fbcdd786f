namespace ProxyCore.Relay.Stages;

/// <summary>
/// What was used of a rate, by one direction of a connection or by those of many that share it. Any thread; times are those
/// of a clock that all loops share, in ticks of 100 ns.
/// </summary>
/// <remarks>
/// A direction that has to wait pays for its next bytes in advance. So each that waits has a time of its own, in the order
/// in which they came: none is passed over, and none wakes in vain.
/// </remarks>
internal class BandwidthBucket(BandwidthLimit limit)
{
    private BandwidthRate _rate = limit.Rate;
    private long _paidUntil;

    /// <summary>How many bytes may pass now beside those that are paid for.</summary>
    internal int Allowed(long now)
    {
        BandwidthRate rate = CurrentRate(now);
        return rate.Allowed(Volatile.Read(ref _paidUntil), now);
    }

    /// <summary>The least number of bytes that a read is worth.</summary>
    internal int Quantum(long now) => CurrentRate(now).SharedQuantum;

    /// <summary>The most bytes that may pass at once.</summary>
    internal long Burst(long now) => CurrentRate(now).Rate.Burst;

    /// <summary>Pays for bytes that have passed, more than are allowed if need be.</summary>
    internal void Pay(long now, int bytes)
    {
        BandwidthRate rate = CurrentRate(now);
        long before;
        do
        {
            before = Volatile.Read(ref _paidUntil);
        }
        while (!TryMove(before, rate.Rate.Pay(before, now, bytes)));
    }

    /// <summary>Pays for some bytes in advance. Returns how many, and from when they may pass.</summary>
    internal (int Bytes, long Due) Book(long now)
    {
        BandwidthRate rate = CurrentRate(now);
        long before;
        int bytes;
        do
        {
            before = Volatile.Read(ref _paidUntil);
            bytes = before > rate.UsedUp(now) ? rate.SharedQuantum : rate.Quantum;
        }
        while (!TryMove(before, rate.Rate.Pay(before, now, bytes)));
        return (bytes, rate.Rate.AllowedAt(before, bytes));
    }

    /// <summary>Takes back a payment for bytes that did not pass, unless time has used it up.</summary>
    internal void PayBack(int bytes)
    {
        long amount = Volatile.Read(ref _rate).Rate.Pay(0, 0, bytes);
        long before;
        do
        {
            before = Volatile.Read(ref _paidUntil);
        }
        while (!TryMove(before, before - amount));
    }

    /// <summary>A direction that used it has ended.</summary>
    internal virtual void Release()
    {
    }

    /// <summary>
    /// The rate, which may have changed: what was paid says nothing under another rate, so the burst counts as used up then.
    /// </summary>
    private BandwidthRate CurrentRate(long now)
    {
        BandwidthRate rate = limit.Rate;
        if (rate != Volatile.Read(ref _rate))
        {
            Volatile.Write(ref _paidUntil, rate.UsedUp(now));
            Volatile.Write(ref _rate, rate);
        }

        return rate;
    }

    private bool TryMove(long from, long to) => Interlocked.CompareExchange(ref _paidUntil, to, from) == from;
}
