using ProxyCore.Loop;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Opening;

/// <summary>The TLS handshake with the client. Belongs to the loop's thread.</summary>
internal sealed class ClientTlsStep(IEncryptedConnection connection, TimeSpan timeout) : OpeningStep
{
    private OpeningSequence _opening = null!;
    private TlsTransport? _transport;
    private bool _isAbandoned;

    internal override TimeSpan? TimeLimit => timeout;

    internal override Interest ClientInterest => _transport?.InterestFor(Interest.Read) ?? Interest.Reset;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        _opening = opening;
        connection.MoveTo(ConnectionPhase.ClientHandshake);
        return connection.TryTakeTurn(GoOnLater) ? GoOn() : StepOutcome.NeedMore;
    }

    internal override StepOutcome OnClientReadable()
    {
        // To verify a certificate costs as much as the first answer. What ends a handshake without one costs little.
        if (connection.AsksForCertificate && !connection.TryTakeTurn(GoOnLater))
        {
            connection.WatchClient(Interest.Reset);
            return StepOutcome.NeedMore;
        }

        return GoOnAndWatch();
    }

    internal override StepOutcome OnTimeLimit() =>
        StepOutcome.Refuse(EndReason.ClientTlsTimeout, cause: "its TLS handshake is not over in time");

    internal override void Abandon() => _isAbandoned = true;

    private void GoOnLater()
    {
        // The client may have gone, or its time may be over.
        if (!_isAbandoned)
        {
            _opening.Complete(this, GoOnAndWatch());
        }
    }

    private StepOutcome GoOnAndWatch()
    {
        StepOutcome outcome = GoOn();
        if (outcome.Result == StepResult.NeedMore)
        {
            connection.WatchClient(ClientInterest);
        }

        return outcome;
    }

    private StepOutcome GoOn()
    {
        TlsTransport transport = _transport ??= connection.AcceptTls();
        switch (transport.Handshake())
        {
            case HandshakeStatus.NeedMore:
                return StepOutcome.NeedMore;
            case HandshakeStatus.Done:
                connection.NoteTls(transport.Describe());
                return StepOutcome.Next;
            case HandshakeStatus.Reset:
                return StepOutcome.Refuse(EndReason.ClientReset);
            default:
                // Its alert is out.
                Farewell.Send(connection.Client, []);
                return StepOutcome.Refuse(EndReason.ClientTlsFailed, RefusalEnd.Fin, transport.FailureCause);
        }
    }
}
