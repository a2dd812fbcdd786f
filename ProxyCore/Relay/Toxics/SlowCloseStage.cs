namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="SlowCloseToxic"/>.</summary>
internal sealed class SlowCloseStage(SlowCloseToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    private TimeSpan _delay = toxic.Delay;
    private TimeSpan? _due;

    // An end that was handed on stays so, whatever the toxic becomes.
    private bool _isPassed;

    internal override bool IsEndReady(TimeSpan now)
    {
        if (HoldsBytes || !HasEnd)
        {
            return false;
        }

        // The end waits from when it is first in the row: a slow sink does not shorten the delay.
        _due ??= now + _delay;
        _isPassed |= IsLetGo || _due <= now;
        return _isPassed;
    }

    internal override TimeSpan? NextDue(TimeSpan now) => IsLetGo || _isPassed ? null : _due;

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _delay = ((SlowCloseToxic)toxic).Delay;
        _due = _due is null ? null : now + _delay;
    }
}
