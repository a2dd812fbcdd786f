namespace ProxyCore.Loop;

/// <summary>One thing to do at one time on a loop. It can be armed again and again.</summary>
internal abstract class LoopTimer
{
    /// <summary>Who ends when <see cref="OnDue"/> throws.</summary>
    internal abstract ILoopMember Owner { get; }

    internal bool IsArmed => Position != 0;

    /// <summary>When, on the clock of <see cref="SelectLoop.Now"/>. Only <see cref="LoopTimers"/> changes it.</summary>
    internal TimeSpan Due { get; set; }

    /// <summary>Index + 1 in the heap, 0 when not armed. Only <see cref="LoopTimers"/> changes it.</summary>
    internal int Position { get; set; }

    /// <summary>Called once for each time that it was armed, when it is due; it is not armed any more then.</summary>
    internal abstract void OnDue();
}
