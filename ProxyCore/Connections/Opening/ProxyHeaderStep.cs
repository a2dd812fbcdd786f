using ProxyCore.Loop;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Opening;

/// <summary>
/// Reads the PROXY header of a sender that has to send one. Anything else ends the connection, with a reset, so that the
/// sender notices. Belongs to the loop's thread.
/// </summary>
internal sealed class ProxyHeaderStep(IReadingConnection connection, ProxyProtocolSettings settings) : OpeningStep
{
    internal override TimeSpan? TimeLimit => settings.Timeout;

    internal override Interest ClientInterest => Interest.Read;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        connection.MoveTo(ConnectionPhase.Identifying);
        return Read();
    }

    internal override StepOutcome OnClientReadable() => Read();

    internal override StepOutcome OnTimeLimit() =>
        StepOutcome.Refuse(EndReason.ProxyHeaderTimeout, cause: "no whole PROXY header has come in time");

    internal override void Abandon()
    {
    }

    private StepOutcome Read()
    {
        EarlyResult result = EarlyResult.Received;
        while (result == EarlyResult.Received)
        {
            if (Parse() is { Result: not StepResult.NeedMore } outcome)
            {
                return outcome;
            }

            result = connection.Early.Receive(settings.MaxHeaderBytes);
        }

        return result switch
        {
            EarlyResult.WouldBlock => StepOutcome.NeedMore,

            // A check of a load balancer that only connects: nothing is wrong.
            EarlyResult.Ended when connection.Early.Count == 0 => StepOutcome.Refuse(EndReason.ClientFin, RefusalEnd.Fin),
            EarlyResult.Ended => StepOutcome.Refuse(EndReason.ProxyHeaderInvalid, cause: "the sender has finished within its PROXY header"),
            _ => StepOutcome.OfFailure(result),
        };
    }

    private StepOutcome Parse()
    {
        ProxyHeaderStatus status = ProxyHeaderReader.Read(
            connection.Early.Unread, settings.Versions, settings.MaxHeaderBytes, out ProxyHeader? header, out int length, out ProxyHeaderError error);
        switch (status)
        {
            case ProxyHeaderStatus.NeedMore:
                return StepOutcome.NeedMore;
            case ProxyHeaderStatus.Invalid:
                return StepOutcome.Refuse(EndReason.ProxyHeaderInvalid, cause: error.Describe());
            default:
                connection.Early.Consume(length);
                connection.NoteHeader(header!);
                return StepOutcome.Next;
        }
    }
}
