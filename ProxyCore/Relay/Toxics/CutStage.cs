namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="CutToxic"/>.</summary>
internal sealed class CutStage(CutToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    private readonly TimeSpan _begin = context.Now;
    private CutToxic _toxic = toxic;
    private bool _isOver;

    internal override StageVerdict Verdict => _isOver ? VerdictOf(_toxic.End) : StageVerdict.Continue;

    internal override TimeSpan? NextDue(TimeSpan now) => IsLetGo || _isOver ? null : _begin + _toxic.After;

    internal override void Change(Toxic toxic, TimeSpan now)
    {
        if (!_isOver)
        {
            _toxic = (CutToxic)toxic;
        }
    }

    protected override int ReadyBytes(TimeSpan now)
    {
        _isOver |= _begin + _toxic.After <= now;
        return Held.Count;
    }
}
