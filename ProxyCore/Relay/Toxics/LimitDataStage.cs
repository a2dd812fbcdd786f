namespace ProxyCore.Relay.Toxics;

/// <summary>The stage of <see cref="LimitDataToxic"/>.</summary>
internal sealed class LimitDataStage(LimitDataToxic toxic, in ToxicContext context) : QueueStage(in context)
{
    private long _limit = toxic.Bytes;
    private long _passed;
    private bool _isOver;

    internal override StageVerdict Verdict => _isOver ? StageVerdict.Close : StageVerdict.Continue;

    internal override void Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        if (IsLetGo)
        {
            base.Take(bytes, now);
            return;
        }

        int count = (int)Math.Clamp(_limit - _passed, 0, bytes.Length);
        base.Take(bytes[..count], now);
        _passed += count;
        _isOver |= _passed >= _limit;
    }

    internal override void Change(Toxic toxic, TimeSpan now) => _limit = ((LimitDataToxic)toxic).Bytes;
}
