namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="TimeoutToxic"/>.</summary>
internal sealed class TimeoutStage : QueueStage
{
    private TimeSpan? _due;
    private TimeSpan _timeout;
    private bool _isOver;

    internal TimeoutStage(TimeoutToxic toxic, in ToxicContext context)
        : base(in context) => Change(toxic, context.Now);

    internal override StageVerdict Verdict => _isOver ? StageVerdict.Close : StageVerdict.Continue;

    internal override int Room(TimeSpan now) => _isOver ? 0 : int.MaxValue;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now) => Restart(now);

    internal override void TakeEnd(TimeSpan now)
    {
        base.TakeEnd(now);
        _due = null;
    }

    internal override TimeSpan? NextDue(TimeSpan now) => _due;

    /// <summary>The bytes that were lost leave a gap: what came behind it would be a stream that nobody has sent.</summary>
    internal override void LetGo(TimeSpan now)
    {
        base.LetGo(now);
        Close();
    }

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        _timeout = ((TimeoutToxic)toxic).Timeout;
        Restart(now);
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        if (_due <= now)
        {
            Close();
        }

        return 0;
    }

    private void Restart(TimeSpan now) => _due = _timeout > TimeSpan.Zero && !HasEnd && !_isOver ? now + _timeout : null;

    private void Close()
    {
        _isOver = true;
        _due = null;
    }
}
