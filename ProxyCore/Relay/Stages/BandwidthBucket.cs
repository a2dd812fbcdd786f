namespace ProxyCore.Relay.Stages;

/// <summary>
/// What was used of a rate, by one direction of a connection or by those of many that share it. Any thread; times are those
/// of a clock that all loops share, in ticks of 100 ns.
/// </summary>
/// <remarks>
/// A direction that has to wait pays for its next turn in advance. So each that waits has a time of its own, in the order
/// in which they came: none is passed over, and none wakes in vain.
/// </remarks>
internal class BandwidthBucket(BandwidthLimit limit)
{
    private BandwidthRate _rate = limit.Rate;
    private long _paidUntil;
    private int _users;

    /// <summary>A direction begins to use it, and calls <see cref="Release"/> at its end.</summary>
    internal void Join() => Interlocked.Increment(ref _users);

    /// <summary>
    /// How many bytes may pass now beside those that are booked: the burst after a pause, else one turn of those that share
    /// the rate, and none while less is allowed, which is not worth a read.
    /// </summary>
    internal int Room(long now)
    {
        BandwidthRate rate = CurrentRate(now);
        long allowed = rate.Rate.Allowed(Volatile.Read(ref _paidUntil), now);
        if (allowed == rate.Rate.Burst)
        {
            return (int)Math.Min(allowed, int.MaxValue);
        }

        int turn = Turn(rate);
        return allowed < turn ? 0 : turn;
    }

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

    /// <summary>Pays for one turn in advance. Returns its bytes, and from when they may pass.</summary>
    internal (int Bytes, long Due) Book(long now)
    {
        BandwidthRate rate = CurrentRate(now);
        int bytes = Turn(rate);
        long before;
        do
        {
            before = Volatile.Read(ref _paidUntil);
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
    internal virtual void Release() => Interlocked.Decrement(ref _users);

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

    private int Turn(BandwidthRate rate) => Volatile.Read(ref _users) > 1 ? rate.SharedQuantum : rate.Quantum;

    private bool TryMove(long from, long to) => Interlocked.CompareExchange(ref _paidUntil, to, from) == from;
}
