namespace ProxyCore.Connections.Opening;

/// <summary>What an <see cref="OpeningStep"/> came to.</summary>
internal enum StepResult : byte
{
    /// <summary>The step is not over: it needs bytes of the client, or an answer from elsewhere.</summary>
    NeedMore,

    /// <summary>The step is over; the next one begins.</summary>
    Next,

    /// <summary>The connection ends.</summary>
    Refuse,
}

/// <summary>A <see cref="StepResult"/>, with the reason of a refusal.</summary>
internal readonly record struct StepOutcome(StepResult Result, EndReason Reason = default)
{
    internal static StepOutcome NeedMore => new(StepResult.NeedMore);

    internal static StepOutcome Next => new(StepResult.Next);

    internal static StepOutcome Refuse(EndReason reason) => new(StepResult.Refuse, reason);
}
