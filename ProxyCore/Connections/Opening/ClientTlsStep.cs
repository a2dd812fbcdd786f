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
        return connection.TryTakeTurn(BeginLater) ? BeginNow() : StepOutcome.NeedMore;
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

    internal override void Abandon() => _isAbandoned = true;

    private void BeginLater()
    {
        // The client may have gone, or its time may be over.
        if (_isAbandoned)
        {
            return;
        }

        StepOutcome outcome = BeginNow();
        if (outcome.Result == StepResult.NeedMore)
        {
            connection.WatchClient(ClientInterest);
        }

        _opening.Complete(this, outcome);
    }

    private StepOutcome BeginNow()
    {
        _transport = connection.AcceptTls();
        return ShakeHands();
    }

    private StepOutcome ShakeHands()
    {
        TlsTransport transport = _transport!;
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
