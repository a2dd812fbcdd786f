using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Opening;

/// <summary>
/// Reads the PROXY header of a sender that has to send one. Anything else ends the connection, with a reset, so that the
/// sender notices. Belongs to the loop's thread.
/// </summary>
internal sealed class ProxyHeaderStep(IReadingConnection connection, ProxyProtocolSettings settings) : ReadingStep(connection)
{
    internal override TimeSpan? TimeLimit => settings.Timeout;

    protected override int MostBytes => settings.MaxHeaderBytes;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        OpeningConnection.MoveTo(ConnectionPhase.Identifying);
        return Read();
    }

    internal override StepOutcome OnTimeLimit() =>
        StepOutcome.Refuse(EndReason.ProxyHeaderTimeout, cause: "no whole PROXY header has come in time");

    // A check of a load balancer that only connects: nothing is wrong.
    protected override StepOutcome OnClientEnded() => OpeningConnection.Early.Count == 0
        ? StepOutcome.Refuse(EndReason.ClientFin, RefusalEnd.Fin)
        : StepOutcome.Refuse(EndReason.ProxyHeaderInvalid, cause: "the sender has finished within its PROXY header");

    protected override StepOutcome Parse()
    {
        ProxyHeaderStatus status = ProxyHeaderReader.Read(
            OpeningConnection.Early.Unread, settings.Versions, settings.MaxHeaderBytes, out ProxyHeader? header, out int length, out ProxyHeaderError error);
        switch (status)
        {
            case ProxyHeaderStatus.NeedMore:
                return StepOutcome.NeedMore;
            case ProxyHeaderStatus.Invalid:
                return StepOutcome.Refuse(EndReason.ProxyHeaderInvalid, cause: error.Describe());
            default:
                OpeningConnection.Early.Consume(length);
                OpeningConnection.NoteHeader(header!);
                return StepOutcome.Next;
        }
    }
}
