using ProxyCore.Loop;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Opening;

/// <summary>The TLS handshake with the client. Belongs to the loop's thread.</summary>
internal sealed class ClientTlsStep(IEncryptedConnection connection, TimeSpan timeout) : OpeningStep
{
    private TlsTransport _transport = null!;

    internal override TimeSpan? TimeLimit => timeout;

    internal override Interest ClientInterest => _transport.InterestFor(Interest.Read);

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        connection.MoveTo(ConnectionPhase.ClientHandshake);
        _transport = connection.AcceptTls();
        return ShakeHands();
    }

    internal override StepOutcome OnClientReadable()
    {
        StepOutcome outcome = ShakeHands();
        if (outcome.Result == StepResult.NeedMore)
        {
            connection.WatchClient(ClientInterest);
        }

        return outcome;
    }

    internal override StepOutcome OnTimeLimit() =>
        StepOutcome.Refuse(EndReason.ClientTlsTimeout, cause: "its TLS handshake is not over in time");

    internal override void Abandon()
    {
    }

    private StepOutcome ShakeHands()
    {
        switch (_transport.Handshake())
        {
            case HandshakeStatus.NeedMore:
                return StepOutcome.NeedMore;
            case HandshakeStatus.Done:
                connection.NoteTls(_transport.Describe());
                return StepOutcome.Next;
            case HandshakeStatus.Reset:
                return StepOutcome.Refuse(EndReason.ClientReset);
            default:
                // Its alert is out.
                Farewell.Send(connection.Client, []);
                return StepOutcome.Refuse(EndReason.ClientTlsFailed, RefusalEnd.Fin, _transport.FailureCause);
        }
    }
}
