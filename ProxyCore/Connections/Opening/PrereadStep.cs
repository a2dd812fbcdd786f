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
internal sealed class PrereadStep(IReadingConnection connection, ListenSettings settings) : ReadingStep(connection)
{
    private ClientHelloScan _scan = new(settings.PrereadLimit);
    private bool _hasAskedForGss;
    private bool _hasAskedForTls;

    internal override TimeSpan? TimeLimit => settings.PrereadTimeout;

    protected override int MostBytes => _scan.MostBytes;

    internal override StepOutcome Begin(OpeningSequence opening)
    {
        OpeningConnection.MoveTo(ConnectionPhase.Prereading);
        return Read();
    }

    /// <summary>A client that says nothing waits for its server to speak first; half a hello is no hello.</summary>
    internal override StepOutcome OnTimeLimit() => OpeningConnection.Early.Count == 0 && !_hasAskedForTls
        ? StepOutcome.Next
        : StepOutcome.Refuse(EndReason.PrereadTimeout, cause: "its TLS hello is not whole in time");

    protected override StepOutcome OnClientEnded() => OpeningConnection.Early.Count == 0 && !_hasAskedForTls
        ? StepOutcome.Next
        : StepOutcome.Refuse(EndReason.ClientHelloInvalid, cause: "the client has finished within its TLS hello");

    protected override StepOutcome Parse()
    {
        ReadOnlySpan<byte> received = OpeningConnection.Early.Unread;
        switch (_scan.Read(received))
        {
            case ClientHelloStatus.NeedMore:
                return StepOutcome.NeedMore;
            case ClientHelloStatus.Complete:
                OpeningConnection.NoteHello(_scan.Hello!, isOfPostgres: _hasAskedForTls);
                return StepOutcome.Next;
            case ClientHelloStatus.Invalid:
                Farewell.Send(OpeningConnection.Client, TlsAlert.For(_scan.Error));
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
                OpeningConnection.NotePlainPostgres();
                return StepOutcome.Next;
            default:
                return StepOutcome.Next;
        }
    }

    private StepOutcome Answer(byte answer)
    {
        OpeningConnection.Early.Consume(PostgresStart.SslRequest.Length);
        _scan = new ClientHelloScan(settings.PrereadLimit);
        return SocketTransfer.Send(OpeningConnection.Client, [answer], out int sent) == TransferResult.Success && sent == 1
            ? StepOutcome.NeedMore
            : StepOutcome.Refuse(EndReason.ClientReset);
    }
}
