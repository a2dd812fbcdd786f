using ProxyCore.Loop;
using ProxyCore.Preread.Postgres;
using ProxyCore.Preread.Tls;
using ProxyCore.Relay;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Opening;

/// <summary>
/// Reads the TLS hello of a client, so that its route can be chosen, and leaves it to be sent on. Speaks the few bytes that
/// PostgreSQL clients exchange before their hello. A client that speaks something else has no hello.
/// </summary>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class PrereadStep(IReadingConnection connection, ListenSettings settings) : OpeningStep
{
    private ClientHelloScan _scan = new(settings.PrereadLimit);
    private bool _hasAskedForGss;
    private bool _hasAskedForTls;

    internal override TimeSpan? TimeLimit => settings.PrereadTimeout;

    internal override Interest ClientInterest => Interest.Read;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        connection.MoveTo(ConnectionPhase.Prereading);
        return Read();
    }

    internal override StepOutcome OnClientReadable() => Read();

    /// <summary>A client that says nothing waits for its server to speak first; half a hello is no hello.</summary>
    internal override StepOutcome OnTimeLimit() => connection.Early.Count == 0 && !_hasAskedForTls
        ? StepOutcome.Next
        : StepOutcome.Refuse(EndReason.PrereadTimeout, cause: "its TLS hello is not whole in time");

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

            result = connection.Early.Receive(_scan.MostBytes);
        }

        return result switch
        {
            EarlyResult.WouldBlock => StepOutcome.NeedMore,
            EarlyResult.Ended when connection.Early.Count == 0 && !_hasAskedForTls => StepOutcome.Next,
            EarlyResult.Ended => StepOutcome.Refuse(EndReason.ClientHelloInvalid, cause: "the client has finished within its TLS hello"),
            _ => StepOutcome.OfFailure(result),
        };
    }

    private StepOutcome Parse()
    {
        ReadOnlySpan<byte> received = connection.Early.Unread;
        switch (_scan.Read(received))
        {
            case ClientHelloStatus.NeedMore:
                return StepOutcome.NeedMore;
            case ClientHelloStatus.Complete:
                connection.NoteHello(_scan.Hello!, isOfPostgres: _hasAskedForTls);
                return StepOutcome.Next;
            case ClientHelloStatus.Invalid:
                Farewell.Send(connection.Client, TlsAlert.For(_scan.Error));
                return StepOutcome.Refuse(EndReason.ClientHelloInvalid, RefusalEnd.Fin, _scan.Error.Describe());
            default:
                return _hasAskedForTls
                    ? StepOutcome.Refuse(EndReason.ClientHelloInvalid, cause: "a PostgreSQL client has asked for TLS and does not begin it")
                    : ParsePostgres(received);
        }
    }

    /// <summary>See "SSL Session Encryption" in PostgreSQL's description of its protocol.</summary>
    private StepOutcome ParsePostgres(ReadOnlySpan<byte> received)
    {
        switch (PostgresStart.Read(received))
        {
            case PostgresStartKind.NeedMore:
                return StepOutcome.NeedMore;
            case PostgresStartKind.GssEncRequest when !_hasAskedForGss:
                _hasAskedForGss = true;
                return Answer(PostgresStart.Declined);
            case PostgresStartKind.SslRequest when received.Length == PostgresStart.SslRequest.Length:
                _hasAskedForTls = true;
                return Answer(PostgresStart.Accepted);
            case PostgresStartKind.SslRequest or PostgresStartKind.GssEncRequest:
                // Bytes behind the request came unencrypted: taken as part of what follows, anybody between could add some.
                return StepOutcome.Refuse(EndReason.ClientHelloInvalid, cause: "a PostgreSQL client has sent more behind its request for encryption");
            case PostgresStartKind.Startup:
                connection.NotePlainPostgres();
                return StepOutcome.Next;
            default:
                return StepOutcome.Next;
        }
    }

    private StepOutcome Answer(byte answer)
    {
        connection.Early.Consume(PostgresStart.SslRequest.Length);
        _scan = new ClientHelloScan(settings.PrereadLimit);
        return SocketTransfer.Send(connection.Client, [answer], out int sent) == TransferResult.Success && sent == 1
            ? StepOutcome.NeedMore
            : StepOutcome.Refuse(EndReason.ClientReset);
    }
}
