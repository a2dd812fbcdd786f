namespace ProxyCore.Loop;

/// <summary>A timer that calls what it is given.</summary>
internal sealed class CallbackTimer(ILoopMember owner, Action onDue) : LoopTimer
{
    internal override ILoopMember Owner => owner;

    internal override void OnDue() => onDue();
}
