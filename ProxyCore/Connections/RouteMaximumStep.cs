using ProxyCore.Connections.Opening;

namespace ProxyCore.Connections;

/// <summary>Refuses a client when its route has as many connections as it may have. Belongs to the loop's thread.</summary>
/// <remarks>
/// The client counts already. Loops that count one at the same moment see both, so the maximum is never exceeded; at worst
/// both are refused.
/// </remarks>
internal sealed class RouteMaximumStep(Route route, int maximum) : OpeningStep
{
    internal override StepOutcome Begin(OpeningSequence opening)
    {
        Interlocked.MemoryBarrier();
        return route.Counters.Active <= maximum
            ? StepOutcome.Next
            : StepOutcome.Refuse(EndReason.RouteConnectionLimit, cause: "its route has as many connections as it may have");
    }

    internal override StepOutcome OnTimeLimit() => StepOutcome.NeedMore;

    internal override void Abandon()
    {
    }
}
