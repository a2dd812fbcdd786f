namespace ProxyCore.Loop;

/// <summary>One thing to do at one time on a loop. It can be armed again and again; it allocates only once.</summary>
internal sealed class LoopTimer(ILoopMember owner, Action onDue)
{
    /// <summary>Who ends when <see cref="OnDue"/> throws.</summary>
    internal ILoopMember Owner { get; } = owner;

    internal Action OnDue { get; } = onDue;

    internal bool IsArmed => Position != 0;

    /// <summary>When, on the clock of <see cref="SelectLoop.Now"/>. Only <see cref="LoopTimers"/> changes it.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>Index + 1 in the heap, 0 when not armed. Only <see cref="LoopTimers"/> changes it.</summary>
    internal int Position { get; set; }
}
