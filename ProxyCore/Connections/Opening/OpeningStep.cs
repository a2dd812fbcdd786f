using ProxyCore.Loop;

namespace ProxyCore.Connections.Opening;

/// <summary>
/// One step between accept and relay: a header to read, an access rule to ask, a handshake, the connect to the upstream.
/// </summary>
/// <remarks>
/// A step begins once and ends once: it returns its outcome, or it returns <see cref="StepResult.NeedMore"/> and the
/// outcome follows, from <see cref="OnClientReadable"/>, <see cref="OnTimeLimit"/> or through <see cref="OpeningSequence.Complete"/>. When the
/// connection ends first, the step is abandoned. Each wait of a step has a bound: its <see cref="TimeLimit"/>, or bounds
/// of its own. Belongs to the loop's thread.
/// </remarks>
internal abstract class OpeningStep
{
    /// <summary>How long the step may take; null when it bounds its waits itself.</summary>
    internal virtual TimeSpan? TimeLimit => null;

    /// <summary>
    /// What the client is watched for while the step needs more: its bytes, if the step reads them; else a reset, so that
    /// a client that is gone frees at once what it holds. A FIN is no reason to end: the client may wait for an answer.
    /// </summary>
    internal virtual Interest ClientInterest => Interest.Reset;

    /// <summary>Begins the step.</summary>
    internal abstract StepOutcome Begin(OpeningSequence opening);

    /// <summary>The client has bytes, or its end of stream. Only for a step that is interested in reading.</summary>
    internal virtual StepOutcome OnClientReadable() => StepOutcome.NeedMore;

    /// <summary>The upstream has bytes, or its end of stream. Only for a step that watches it.</summary>
    internal virtual StepOutcome OnUpstreamReadable() => StepOutcome.NeedMore;

    /// <summary>The time of the step is over, or that of its current wait.</summary>
    internal abstract StepOutcome OnTimeLimit();

    /// <summary>Ends the step without an outcome, and frees what it holds. Does nothing when the step is over.</summary>
    internal abstract void Abandon();
}
