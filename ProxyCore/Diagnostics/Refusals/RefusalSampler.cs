namespace ProxyCore.Diagnostics;

/// <summary>
/// Picks at most one refusal a second for each reason, and counts the others: an attacker can cause refusals as fast as
/// connections can be made, and must not fill a disk with lines about them. Any thread.
/// </summary>
internal sealed class RefusalSampler(TimeProvider timeProvider)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<EndReason, Sampled> _reasons = [];
    private long _leftOut;

    /// <summary>How many were not picked.</summary>
    internal long LeftOut => Volatile.Read(ref _leftOut);

    /// <summary>Whether a refusal is picked.</summary>
    /// <param name="reason">Why the client is refused.</param>
    /// <param name="before">If it is, how many for the same reason were not picked since the last one.</param>
    internal bool TryPick(EndReason reason, out long before)
    {
        long now = timeProvider.GetTimestamp();
        lock (_gate)
        {
            if (_reasons.TryGetValue(reason, out Sampled last) && timeProvider.GetElapsedTime(last.At, now) < _interval)
            {
                _reasons[reason] = last with { LeftOut = last.LeftOut + 1 };
                _leftOut++;
                before = 0;
                return false;
            }

            _reasons[reason] = new Sampled(now, LeftOut: 0);
            before = last.LeftOut;
            return true;
        }
    }

    /// <summary>Takes the numbers of those that were not picked and that no later pick has told.</summary>
    internal IReadOnlyList<(EndReason Reason, long LeftOut)> TakeRest()
    {
        lock (_gate)
        {
            (EndReason, long)[] rest = [.. _reasons.Where(static one => one.Value.LeftOut > 0).Select(static one => (one.Key, one.Value.LeftOut))];
            foreach ((EndReason reason, _) in rest)
            {
                _reasons[reason] = _reasons[reason] with { LeftOut = 0 };
            }

            return rest;
        }
    }

    private readonly record struct Sampled(long At, long LeftOut);
}
