namespace ProxyCore.Relay.Transports.SslStreams;

/// <content>The handshake.</content>
internal sealed partial class SslStreamTransport
{
    private const int MostReceived = 64 * 1024;

    private Task? _handshake;
    private HandshakeStatus _status;
    private string? _cause;
    private bool _hasRecords;

    /// <summary>A fatal protocol_version (RFC 8446, section 6), in plaintext as before each hello.</summary>
    private static ReadOnlySpan<byte> ProtocolVersionAlert => [21, 3, 1, 0, 2, 2, 70];

    internal override string FailureCause => _cause ?? $"the {_context.Policy.Peer} reset the connection";

    internal override HandshakeStatus Handshake()
    {
        if (_status != HandshakeStatus.NeedMore)
        {
            return _status;
        }

        _loop.Window.Open(_kept, _loop.Pool);
        _kept = null;
        using (new InlineScope())
        {
            _status = Advance();
        }

        KeepReceived();

        // An alert too is sent as far as the socket takes it.
        TransferResult sent = SendMade();
        if (sent is TransferResult.Reset or TransferResult.Lost && _status != HandshakeStatus.Failed)
        {
            _status = HandshakeStatus.Reset;
        }

        return _status;
    }

    internal override TlsInfo Describe() => SessionDescription.Of(_session, _wire.IsResumed);

    private HandshakeStatus Advance()
    {
        _handshake ??= Begin();
        while (!_handshake.IsCompleted)
        {
            if (_loop.Window.IsGarbage)
            {
                return RefuseGarbage();
            }

            if (_loop.Window.HasRecord)
            {
                _hasRecords = true;
                _wire.Give(_loop.Window.TakeRecord());
                continue;
            }

            TransferResult result = _loop.Window.Receive(Socket, MostReceived, out int count, out _);
            switch (result)
            {
                case TransferResult.WouldBlock or TransferResult.TryAgain:
                    return HandshakeStatus.NeedMore;
                case TransferResult.Success when count > 0:
                    break;
                case TransferResult.Success:
                    return Fail($"the {_context.Policy.Peer} ended the connection");
                default:
                    return HandshakeStatus.Reset;
            }
        }

        return Finish(_handshake);
    }

    private Task Begin()
    {
        try
        {
            return _context.AuthenticateAsync(_session, _alpn);
        }
        catch (Exception exception) when (HandshakeFailure.IsOfTls(exception))
        {
            return Task.FromException(exception);
        }
    }

    private HandshakeStatus Finish(Task handshake)
    {
        if (handshake.IsCompletedSuccessfully)
        {
            return HandshakeStatus.Done;
        }

        _wire.Drop();
        return Fail(_session.Refusal ?? HandshakeFailure.Explain(handshake.Exception?.InnerException, _context.Policy.Peer));
    }

    private HandshakeStatus RefuseGarbage()
    {
        bool isHttp = _loop.Window.BeginsWithHttp;
        if (!_hasRecords)
        {
            // SslStream sends none.
            _loop.Outgoing.Append(ProtocolVersionAlert);
        }

        return Fail($"the {_context.Policy.Peer} {(isHttp ? "speaks HTTP without TLS" : "does not speak TLS")}");
    }

    private HandshakeStatus Fail(string cause)
    {
        _cause = cause;
        return HandshakeStatus.Failed;
    }
}
