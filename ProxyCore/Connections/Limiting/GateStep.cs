using System.Net;
using ProxyCore.Access;
using ProxyCore.Connections.Opening;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Limiting;

/// <summary>
/// Asks a gate whether a client may go on: whether it is denied for a time, then its lists, then its limits. A client that has to wait is not read meanwhile.
/// Belongs to the loop's thread.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="loop">Its loop.</param>
/// <param name="gate">The gate.</param>
/// <param name="scope">Whose gate it is, for the log.</param>
internal sealed class GateStep(IGatedConnection connection, SelectLoop loop, ClientGate gate, string scope) : OpeningStep
{
    private TimeSpan? _waitsUntil;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        var client = connection.Identify().Address as IPEndPoint;
        if (gate.Denies(client?.Address))
        {
            return StepOutcome.Refuse(EndReason.AccessDenied, cause: "its address is denied for a time");
        }

        if (!gate.Allows(client?.Address))
        {
            return StepOutcome.Refuse(EndReason.AccessDenied, cause: $"the lists of the {scope} do not let it in");
        }

        return client is null || gate.Limiter is not { } limiter ? StepOutcome.Next : Ask(limiter, client.Address);
    }

    internal override StepOutcome OnTimeLimit()
    {
        // A reload may have taken the limits away.
        IPAddress client = ((IPEndPoint)connection.Identify().Address!).Address;
        StepOutcome outcome = gate.Limiter is { } limiter ? Ask(limiter, client) : StepOutcome.Next;
        if (outcome.Result != StepResult.NeedMore)
        {
            EndWait();
        }

        return outcome;
    }

    internal override void Abandon() => EndWait();

    private StepOutcome Ask(ClientLimiter limiter, IPAddress client)
    {
        Admission admission = limiter.Admit(client, loop.SharedNow);
        if (admission.Verdict == LimitVerdict.Admitted)
        {
            connection.Keep(admission.Use);
            return StepOutcome.Next;
        }

        return Exceed(limiter.Limits, admission);
    }

    private StepOutcome Exceed(ClientLimitSettings limits, Admission admission)
    {
        bool isTooFast = admission.Verdict == LimitVerdict.TooFast;
        EndReason reason = isTooFast ? EndReason.ClientRateLimit : EndReason.ClientConnectionLimit;
        string cause = isTooFast ? $"it connects faster than the {scope} allows" : $"it has as many connections as the {scope} allows";
        switch (limits.OnExceeded)
        {
            case LimitAction.LogOnly:
                connection.ReportExceeded(reason, cause);
                return StepOutcome.Next;
            case LimitAction.Wait when TryWait(limits, admission.RetryAfter):
                return StepOutcome.NeedMore;
            default:
                return StepOutcome.Refuse(reason, limits.OnExceeded == LimitAction.Close ? RefusalEnd.Fin : RefusalEnd.Reset, cause);
        }
    }

    private bool TryWait(ClientLimitSettings limits, TimeSpan retryAfter)
    {
        if (_waitsUntil is null)
        {
            if (!gate.TryBeginWait(limits.WaitLimit))
            {
                return false;
            }

            _waitsUntil = loop.Now + limits.WaitTimeout;
            connection.MoveTo(ConnectionPhase.Limited);
        }

        TimeSpan left = _waitsUntil.Value - loop.Now;
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        connection.ArmStepTimer(retryAfter < left ? retryAfter : left);
        return true;
    }

    private void EndWait()
    {
        if (_waitsUntil is not null)
        {
            _waitsUntil = null;
            gate.EndWait();
        }
    }
}
