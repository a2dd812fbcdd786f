using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>How fast the listeners of one endpoint accept, on all loops together. Any thread.</summary>
/// <remarks>Times are those of <see cref="Loop.SelectLoop.SharedNow"/>: all loops pay on one clock.</remarks>
internal sealed class AcceptRate
{
    private static readonly TimeSpan _calmAfterStorm = TimeSpan.FromSeconds(10);

    private readonly Rate _rate;
    private readonly long _costOfOne;
    private long _paidUntil;
    private long _stormEnd;

    private AcceptRate(Rate rate, long paidUntil)
    {
        _rate = rate;
        _costOfOne = rate.Pay(0, 0, 1);
        _paidUntil = paidUntil;
    }

    /// <summary>The clients a second.</summary>
    internal double PerSecond => _rate.PerSecond;

    /// <summary>The rate of an endpoint after a change: what <paramref name="before"/> has let in counts on.</summary>
    internal static AcceptRate? Continue(AcceptRate? before, Rate? rate) => (before, rate) switch
    {
        (_, null) => null,
        (null, { } some) => new AcceptRate(some, paidUntil: 0),
        _ when before._rate == rate => before,
        (_, { } some) => new AcceptRate(some, Volatile.Read(ref before._paidUntil)),
    };

    /// <summary>Lets one client in, if the rate allows it now.</summary>
    internal bool TryTake(long now)
    {
        while (true)
        {
            long seen = Volatile.Read(ref _paidUntil);
            long paidUntil = _rate.Bound(seen, now);
            if (_rate.Allowed(paidUntil, now) < 1)
            {
                // Kept, so that the wait for a rate that was changed has an end; another loop may have kept it first.
                Interlocked.CompareExchange(ref _paidUntil, paidUntil, seen);
                return false;
            }

            if (Interlocked.CompareExchange(ref _paidUntil, _rate.Pay(paidUntil, now, 1), seen) == seen)
            {
                return true;
            }
        }
    }

    /// <summary>Takes back what was let in: there was no client after all.</summary>
    internal void GiveBack() => Interlocked.Add(ref _paidUntil, -_costOfOne);

    /// <summary>
    /// For how long nobody is let in. It ends when half a burst is allowed, so that a high rate needs few timers: a burst is
    /// a twentieth of a second, see <see cref="LimitReader"/>.
    /// </summary>
    internal TimeSpan Wait(long now) => TimeSpan.FromTicks(
        Math.Max(1, _rate.AllowedAt(Volatile.Read(ref _paidUntil), Math.Max(1, _rate.Burst / 2)) - now));

    /// <summary>
    /// Notes that clients have to wait; true when a storm begins with that, which is to be logged. A storm lasts until no
    /// client has had to wait for ten seconds, so clients can't flood the log.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="wait">How long they have to wait.</param>
    internal bool BeginsStorm(long now, TimeSpan wait) =>
        Interlocked.Exchange(ref _stormEnd, now + (wait + _calmAfterStorm).Ticks) <= now;
}
