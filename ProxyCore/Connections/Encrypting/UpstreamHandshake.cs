using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Preread.Postgres;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Encrypting;

/// <summary>
/// Agrees on TLS with an upstream that is connected: sends what comes ahead of it, asks for TLS where the protocol wants that,
/// and shakes hands.
/// </summary>
/// <remarks>It reports once, unless it is abandoned first; its owner bounds the time. Belongs to the loop's thread.</remarks>
internal sealed class UpstreamHandshake : Watched
{
    private readonly SelectLoop _loop;
    private readonly byte[] _preface;
    private readonly UpstreamSecurity _security;
    private readonly Action<HandshakeOutcome> _completed;
    private TlsTransport? _transport;
    private HandshakeState _state;
    private int _sent;

    /// <param name="loop">The loop.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="socket">The connected socket; it stays the owner's.</param>
    /// <param name="security">How TLS is agreed on.</param>
    /// <param name="completed">Called with the outcome.</param>
    internal UpstreamHandshake(
        SelectLoop loop, ILoopMember owner, Socket socket, UpstreamSecurity security, Action<HandshakeOutcome> completed)
        : base(socket, owner)
    {
        _loop = loop;
        _security = security;
        _completed = completed;
        byte[] header = security.MakeHeader(socket);
        _preface = AsksForTls ? [.. header, .. PostgresStart.SslRequest] : header;
    }

    private enum HandshakeState : byte
    {
        /// <summary>The header and the request go out.</summary>
        Sending,

        /// <summary>The upstream has been asked for TLS and has not answered.</summary>
        Asking,

        /// <summary>The two shake hands.</summary>
        ShakingHands,

        /// <summary>Reported or abandoned.</summary>
        Over,
    }

    private bool AsksForTls => _security.StartTls == StartTlsMode.Postgres;

    /// <summary>Begins. The outcome may be reported before this returns.</summary>
    internal void Begin()
    {
        _loop.Attach(this, Interest.None);
        Proceed();
    }

    /// <summary>Ends without a report. The socket stays open.</summary>
    internal void Abandon()
    {
        if (_state != HandshakeState.Over)
        {
            End();
            _transport?.Release();
        }
    }

    internal override void OnReady(Interest ready)
    {
        // The upstream's answer costs as much as the first one to a client: a key exchange, and signatures to verify.
        if (_state == HandshakeState.ShakingHands && !_security.Turns.TryTake(Owner, Proceed))
        {
            _loop.SetInterest(this, Interest.None);
            return;
        }

        Proceed();
    }

    private void Proceed()
    {
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = _state switch
            {
                HandshakeState.Sending => HasSent(),
                HandshakeState.Asking => HasConsent(),
                HandshakeState.ShakingHands => HasShakenHands(),
                _ => false,
            };
        }
    }

    /// <summary>Sends the rest of what comes first; whether the next state has begun.</summary>
    private bool HasSent()
    {
        if (_sent < _preface.Length)
        {
            TransferResult result = SocketTransfer.Send(Socket, _preface.AsSpan(_sent), out int count);
            _sent += count;
            if (IsOver(result))
            {
                return false;
            }
        }

        if (_sent < _preface.Length)
        {
            _loop.SetInterest(this, Interest.Write);
            return false;
        }

        if (AsksForTls)
        {
            MoveTo(HandshakeState.Asking);
        }
        else
        {
            BeginTls();
        }

        return true;
    }

    /// <summary>The answer is one byte; nothing may follow it, because the upstream waits for the hello.</summary>
    private bool HasConsent()
    {
        Span<byte> answer = stackalloc byte[1];
        TransferResult result = SocketTransfer.Receive(Socket, answer, out int count);
        if (IsOver(result))
        {
            return false;
        }

        if (result != TransferResult.Success)
        {
            _loop.SetInterest(this, Interest.Read);
            return false;
        }

        if (count != 1 || answer[0] != PostgresStart.Accepted)
        {
            Complete(new HandshakeOutcome(null, "the PostgreSQL server does not agree to TLS"));
            return false;
        }

        BeginTls();
        return true;
    }

    private void BeginTls()
    {
        _transport = _security.Begin(Socket);
        MoveTo(HandshakeState.ShakingHands);
    }

    private bool HasShakenHands()
    {
        TlsTransport transport = _transport!;
        switch (transport.Handshake())
        {
            case HandshakeStatus.NeedMore:
                _loop.SetInterest(this, transport.InterestFor(Interest.Read));
                break;
            case HandshakeStatus.Done:
                Complete(new HandshakeOutcome(transport, null));
                break;
            case HandshakeStatus.Reset:
                FailTls("the upstream has reset the connection in the TLS handshake");
                break;
            default:
                FailTls(transport.FailureCause);
                break;
        }

        return false;
    }

    private void FailTls(string cause)
    {
        _transport!.Release();
        Complete(new HandshakeOutcome(null, cause));
    }

    /// <summary>Whether the upstream has failed.</summary>
    private bool IsOver(TransferResult result)
    {
        if (result is not (TransferResult.Reset or TransferResult.Lost))
        {
            return false;
        }

        Complete(new HandshakeOutcome(null, "the upstream has reset the connection ahead of the TLS handshake"));
        return true;
    }

    private void Complete(HandshakeOutcome outcome)
    {
        End();
        _completed(outcome);
    }

    private void End()
    {
        MoveTo(HandshakeState.Over);
        _loop.Detach(this);
    }

    /// <summary>The one place where its state changes.</summary>
    private void MoveTo(HandshakeState state)
    {
        Debug.Assert(_state < state, "a handshake only moves on");
        _state = state;
    }
}
