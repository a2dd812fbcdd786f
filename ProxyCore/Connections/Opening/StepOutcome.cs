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

/// <summary>How a client that is refused sees its connection end.</summary>
internal enum RefusalEnd : byte
{
    /// <summary>With a reset.</summary>
    Reset,

    /// <summary>With a FIN, behind what the step has sent to it.</summary>
    Fin,
}

/// <summary>A <see cref="StepResult"/>, with all that concerns a refusal.</summary>
internal readonly record struct StepOutcome(StepResult Result, EndReason Reason = default, RefusalEnd End = default, string? Cause = null)
{
    internal static StepOutcome NeedMore => new(StepResult.NeedMore);

    internal static StepOutcome Next => new(StepResult.Next);

    /// <summary>Ends a connection whose client's bytes can't be received.</summary>
    internal static StepOutcome OfFailure(EarlyResult result) => result == EarlyResult.OutOfMemory
        ? Refuse(EndReason.OutOfResources, cause: "the clients of the endpoint that are being read hold all of PrereadMemory")
        : Refuse(EndReason.ClientReset);

    /// <summary>Ends the connection.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="end">How the client sees it.</param>
    /// <param name="cause">More for the log; null when the step has logged it, or the reason says it all.</param>
    internal static StepOutcome Refuse(EndReason reason, RefusalEnd end = RefusalEnd.Reset, string? cause = null) =>
        new(StepResult.Refuse, reason, end, cause);
}
