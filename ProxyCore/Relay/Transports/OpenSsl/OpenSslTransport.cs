using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>
/// TLS by OpenSSL on a socket. Ciphertext passes through the buffers of the loop; a connection keeps only what OpenSSL has
/// not read, or the socket has not taken.
/// </summary>
internal sealed partial class OpenSslTransport : TlsTransport
{
    /// <summary>A handshake's messages are small; what follows them in one segment is kept.</summary>
    private const int HandshakeReceive = 16 * 1024;

    private readonly OpenSslLoop _loop;
    private readonly OpenSslSession _session;
    private string? _cause;
    private bool _isEstablished;

    internal OpenSslTransport(OpenSslLoop loop, Socket socket, OpenSslSession session, PendingBytes? early)
        : base(socket)
    {
        _loop = loop;
        _session = session;
        _unread = early;
    }

    internal override bool IsTruncated => _incoming == IncomingState.Truncated;

    internal override bool PeerHasEnded => _incoming is IncomingState.Ended or IncomingState.Truncated;

    internal override string FailureCause => _cause ?? "";

    internal override HandshakeStatus Handshake()
    {
        if (Flush() != TransferResult.Success)
        {
            return _unsent is null ? HandshakeStatus.Reset : HandshakeStatus.NeedMore;
        }

        // The first step of a client needs no input; else this reads what is kept, if anything.
        HandshakeStatus status = HandshakeStep(received: 0);
        _mayReceiveMore = true;
        while (status == HandshakeStatus.NeedMore && _unsent is null && _mayReceiveMore)
        {
            TransferResult result = SocketTransfer.Receive(Socket, _loop.Input[..HandshakeReceive], out int count);
            if (result != TransferResult.Success)
            {
                return result is TransferResult.WouldBlock or TransferResult.TryAgain ? HandshakeStatus.NeedMore : HandshakeStatus.Reset;
            }

            if (count == 0)
            {
                _cause = EndedByPeer;
                return HandshakeStatus.Failed;
            }

            _mayReceiveMore = count == HandshakeReceive;
            status = HandshakeStep(count);
        }

        return status;
    }

    private string EndedByPeer => $"{_session.Peer} ended the connection";

    internal override TlsInfo Describe() => _session.Describe();

    internal override Interest InterestFor(Interest wanted)
    {
        if (_unsent is null)
        {
            return wanted;
        }

        // A peer that takes no handshake message has nothing more to say.
        return _isEstablished ? wanted | Interest.Write : Interest.Write;
    }

    internal override void Release()
    {
        DropUnread();
        DropUnsent();
        _session.Free(isResumable: _isEstablished && _cause is null);
    }

    /// <summary>Lets OpenSSL read what is kept or was <paramref name="received"/>, and sends what it answers.</summary>
    private HandshakeStatus HandshakeStep(int received)
    {
        OfferCiphertext(received);
        SessionResult result;
        TransferResult sent;
        do
        {
            result = _session.Handshake();
            _cause = result switch
            {
                SessionResult.Failed => _session.FailureCause(),
                SessionResult.Ended => EndedByPeer,
                _ => null,
            };

            sent = SendOutput();
        }
        while (result == SessionResult.NeedsOutput && sent == TransferResult.Success);

        KeepUnread(received);
        _isEstablished = result == SessionResult.Done;
        return result switch
        {
            SessionResult.Done => HandshakeStatus.Done,
            SessionResult.Failed or SessionResult.Ended => HandshakeStatus.Failed,
            _ => sent is TransferResult.Reset or TransferResult.Lost ? HandshakeStatus.Reset : HandshakeStatus.NeedMore,
        };
    }
}
