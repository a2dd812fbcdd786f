using System.Diagnostics;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <content>The way from ciphertext to plain bytes.</content>
internal sealed partial class OpenSslTransport
{
    /// <summary>What a full record has more than its content: header, type, tag, or the vector of TLS 1.2.</summary>
    private const int RecordOverhead = 32;

    private const int FullRecord = 16 * 1024;

    // Less is received only where less can be there.
    private const int LeastReceive = 4096;

    private PendingBytes? _unread;
    private IncomingState _incoming;
    private TransferResult _failure;
    private bool _isEndTold;
    private bool _mayReceiveMore;
    private bool _holdsPlainBytes;

    /// <summary>What has become of the stream from the peer.</summary>
    private enum IncomingState : byte
    {
        Open,

        /// <summary>The peer has sent close_notify.</summary>
        Ended,

        /// <summary>The peer has sent a FIN without close_notify.</summary>
        Truncated,

        /// <summary>The socket or TLS has failed.</summary>
        Failed,
    }

    /// <summary>
    /// True as well when the last receive from the socket was a full one: a loop that waits for edges learns of the rest by
    /// no event.
    /// </summary>
    internal override bool HoldsBytes => _incoming == IncomingState.Open
        ? _unread is not null || _holdsPlainBytes || _mayReceiveMore
        : !_isEndTold;

    internal override TransferResult Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_unread is not null || _holdsPlainBytes)
        {
            Decrypt(received: 0, buffer, ref count);
        }

        if (_incoming == IncomingState.Open && (count == 0 || (_mayReceiveMore && count < buffer.Length)))
        {
            TransferResult result = ReceiveFromSocket(buffer, ref count);
            if (count == 0 && result != TransferResult.Success)
            {
                return result;
            }
        }

        return count > 0 ? TransferResult.Success : TellEnd();
    }

    /// <summary>Receives once from the socket. Unless it succeeds, nothing has come of it.</summary>
    private TransferResult ReceiveFromSocket(Span<byte> buffer, ref int count)
    {
        int asked = CiphertextFor(buffer.Length - count);
        TransferResult result = SocketTransfer.Receive(Socket, _loop.Input[..asked], out int received);
        _mayReceiveMore = received == asked || result == TransferResult.TryAgain;
        switch (result)
        {
            case TransferResult.WouldBlock or TransferResult.TryAgain:
                return result;
            case TransferResult.Success when received > 0:
                Decrypt(received, buffer, ref count);
                break;
            case TransferResult.Success:
                // The kernel tells of a reset only once, and has told it to a send.
                _incoming = _sendFailure == TransferResult.Success ? IncomingState.Truncated : IncomingState.Failed;
                _failure = _sendFailure;
                break;
            default:
                _incoming = IncomingState.Failed;
                _failure = result;
                break;
        }

        // Records without content, or a part of one.
        bool isIdle = count == 0 && _incoming == IncomingState.Open;
        return !isIdle ? TransferResult.Success : _mayReceiveMore ? TransferResult.TryAgain : TransferResult.WouldBlock;
    }

    /// <summary>How much ciphertext fills <paramref name="plain"/> bytes: a read that is not full looks like the last.</summary>
    private static int CiphertextFor(int plain)
    {
        int full = plain + (((plain / FullRecord) + 1) * RecordOverhead);
        return Math.Clamp(full, LeastReceive, OpenSslLoop.BufferSize);
    }

    /// <summary>Decrypts what is kept or was <paramref name="received"/> behind the first <paramref name="count"/> bytes.</summary>
    private void Decrypt(int received, Span<byte> buffer, ref int count)
    {
        OfferCiphertext(received);
        bool goesOn = true;
        while (goesOn && count < buffer.Length)
        {
            SessionResult result = _session.Read(buffer[count..], out int read);
            count += read;
            goesOn = result == SessionResult.Done && (_loop.InputLeft > 0 || _session.HoldsPlainBytes);
            switch (result)
            {
                case SessionResult.Ended:
                    _incoming = IncomingState.Ended;
                    break;
                case SessionResult.Failed or SessionResult.NeedsOutput:
                    Fail();
                    break;
            }
        }

        _holdsPlainBytes = goesOn && _session.HoldsPlainBytes;
        KeepUnread(received);

        // Answers to requests for new keys, tickets, alerts.
        SendOutput();
    }

    /// <summary>TLS is over, and says why in the queue of errors.</summary>
    private void Fail()
    {
        _incoming = IncomingState.Failed;
        _failure = TransferResult.Reset;
        _cause ??= _session.FailureCause();
    }

    private TransferResult TellEnd()
    {
        Debug.Assert(_incoming != IncomingState.Open, "the stream goes on");
        _isEndTold = true;
        return _failure;
    }

    /// <summary>Lets OpenSSL read what is kept or, when nothing is, the <paramref name="received"/> bytes of the loop.</summary>
    private unsafe void OfferCiphertext(int received)
    {
        Debug.Assert(received == 0 || _unread is null, "what is kept comes first");
        if (_unread is not { } unread)
        {
            _loop.OfferInput(received);
            return;
        }

        // Native memory: it stays where it is.
        fixed (byte* bytes = unread.Span)
        {
            _loop.Offer((nint)bytes, unread.Count);
        }
    }

    /// <summary>Keeps what OpenSSL has not read.</summary>
    private void KeepUnread(int received)
    {
        int left = _loop.InputLeft;
        if (left == 0 || _incoming != IncomingState.Open)
        {
            DropUnread();
        }
        else if (_unread is { } unread)
        {
            unread.Advance(unread.Count - left);
        }
        else
        {
            _unread = _loop.Pool.Keep(_loop.UnreadInput(received));
        }
    }

    private void DropUnread()
    {
        if (_unread is { } unread)
        {
            _unread = null;
            _loop.Pool.Return(unread);
        }
    }
}
