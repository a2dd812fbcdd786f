namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="CloseToxic"/>.</summary>
internal sealed class CloseStage(CloseToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    private CloseToxic _toxic = toxic;

    // When the first bytes came, or the end.
    private TimeSpan? _woken;
    private bool _isOver;

    internal override StageVerdict Verdict => _isOver ? VerdictOf(_toxic.End) : StageVerdict.Continue;

    // What comes meanwhile is read and lost: unread bytes would turn a FIN into a reset.
    internal override int Room(TimeSpan now) => IsLetGo || _isOver ? base.Room(now) : int.MaxValue;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsLetGo)
        {
            base.Take(bytes, now);
            return;
        }

        Wake(now);
    }

    internal override void TakeEnd(TimeSpan now)
    {
        base.TakeEnd(now);
        if (!IsLetGo)
        {
            Wake(now);
        }
    }

    internal override bool IsEndReady(TimeSpan now) => (IsLetGo || _isOver) && base.IsEndReady(now);

    internal override TimeSpan? NextDue(TimeSpan now) => IsLetGo || _isOver ? null : _woken + _toxic.Delay;

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        if (!_isOver)
        {
            _toxic = (CloseToxic)toxic;
            Look(now);
        }
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        Look(now);
        return 0;
    }

    private void Wake(TimeSpan now)
    {
        _woken ??= now;
        Look(now);
    }

    private void Look(TimeSpan now) => _isOver |= _woken + _toxic.Delay <= now;
}
