using static ProxyCore.Relay.Transports.OpenSsl.NativeCrypto;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What a call of OpenSSL came to.</summary>
internal enum SessionResult : byte
{
    /// <summary>It did what it was asked for.</summary>
    Done,

    /// <summary>It has read all that it was given, and needs more.</summary>
    NeedsInput,

    /// <summary>There is no room for what it writes.</summary>
    NeedsOutput,

    /// <summary>The peer has sent close_notify.</summary>
    Ended,

    /// <summary>TLS is over; an alert may have been written.</summary>
    Failed,
}

/// <summary>One TLS connection, as an SSL. It reads and writes ciphertext through the BIO of its loop, and knows no socket.</summary>
/// <remarks>
/// Errors are in a queue of the thread. It is cleared ahead of each call: an entry that another connection has left would
/// turn "needs input" into a failure.
/// </remarks>
internal readonly unsafe struct OpenSslSession
{
    private readonly nint _ssl;
    private readonly OpenSslContext _context;

    private OpenSslSession(nint ssl, OpenSslContext context)
    {
        _ssl = ssl;
        _context = context;
    }

    /// <summary>What the other side is to the proxy.</summary>
    internal string Peer => _context.IsServer ? "the client" : "the upstream";

    /// <summary>Whether bytes are decrypted, and not read.</summary>
    internal bool HoldsPlainBytes => SSL_pending(_ssl) > 0;

    internal static OpenSslSession Accept(OpenSslContext context, nint bio)
    {
        nint ssl = Begin(context, bio);
        SSL_set_accept_state(ssl);
        return new OpenSslSession(ssl, context);
    }

    internal static OpenSslSession Connect(OpenSslContext context, nint bio, string? alpn)
    {
        nint ssl = Begin(context, bio);
        SSL_set_connect_state(ssl);
        fixed (byte* name = context.ServerName)
        {
            _ = name is null ? 0 : SSL_ctrl(ssl, ControlServerName, 0, name);
        }

        byte[]? list = alpn is null ? null : AlpnList.Encode(alpn);
        fixed (byte* protocols = list)
        {
            _ = protocols is null ? 0 : SSL_set_alpn_protos(ssl, protocols, (uint)list!.Length);
        }

        Resume(ssl, context);
        return new OpenSslSession(ssl, context);
    }

    /// <summary>Goes on with the handshake.</summary>
    internal SessionResult Handshake()
    {
        ERR_clear_error();
        int result = SSL_do_handshake(_ssl);
        return result == 1 ? SessionResult.Done : Explain(result);
    }

    /// <summary>Decrypts into <paramref name="plain"/>, one record at most.</summary>
    internal SessionResult Read(Span<byte> plain, out int count)
    {
        fixed (byte* buffer = plain)
        {
            ERR_clear_error();
            int result = SSL_read(_ssl, buffer, plain.Length);
            count = Math.Max(result, 0);
            return result > 0 ? SessionResult.Done : Explain(result);
        }
    }

    /// <summary>Encrypts from <paramref name="plain"/>, one record at most.</summary>
    internal SessionResult Write(ReadOnlySpan<byte> plain, out int count)
    {
        fixed (byte* bytes = plain)
        {
            ERR_clear_error();
            int result = SSL_write(_ssl, bytes, plain.Length);
            count = Math.Max(result, 0);
            return result > 0 ? SessionResult.Done : Explain(result);
        }
    }

    /// <summary>Writes close_notify. Once: OpenSSL takes a second call for one that waits for the peer's.</summary>
    internal void Shutdown()
    {
        ERR_clear_error();
        _ = SSL_shutdown(_ssl);
    }

    /// <summary>Why the last call has failed, in words.</summary>
    internal string FailureCause() => FailureCauses.Of(_ssl, Peer, _context.ExpectedName);

    internal TlsInfo Describe() => SessionInfo.Of(_ssl);

    /// <summary>Frees it.</summary>
    /// <param name="isResumable">Whether a session of it that is kept may be resumed.</param>
    internal void Free(bool isResumable)
    {
        if (isResumable)
        {
            // Without close_notify in both directions OpenSSL holds the session for damaged.
            SSL_set_shutdown(_ssl, SentAndReceivedShutdown);
        }

        SSL_free(_ssl);
        _context.Handle.DangerousRelease();
    }

    private static nint Begin(OpenSslContext context, nint bio)
    {
        bool isReferred = false;
        context.Handle.DangerousAddRef(ref isReferred);
        ERR_clear_error();
        nint ssl = SSL_new(context.Handle.Context);
        if (ssl == 0)
        {
            context.Handle.DangerousRelease();
            throw new InsufficientMemoryException("OpenSSL has no memory for a connection.");
        }

        // Takes one reference for both directions when they are the same.
        _ = BIO_up_ref(bio);
        SSL_set_bio(ssl, bio, bio);
        return ssl;
    }

    /// <summary>A ticket of TLS 1.3 is used once, so that nobody can tell which connections are of the same client.</summary>
    private static void Resume(nint ssl, OpenSslContext context)
    {
        nint session = context.Handle.State->TakeSession();
        if (session == 0)
        {
            return;
        }

        if (SSL_SESSION_is_resumable(session) == 1)
        {
            _ = SSL_set_session(ssl, session);
            if (SSL_SESSION_get_protocol_version(session) < Tls13)
            {
                context.Handle.State->KeepSession(session);
                return;
            }
        }

        SSL_SESSION_free(session);
    }

    private SessionResult Explain(int result) => SSL_get_error(_ssl, result) switch
    {
        ErrorWantRead => SessionResult.NeedsInput,
        ErrorWantWrite => SessionResult.NeedsOutput,
        ErrorZeroReturn => SessionResult.Ended,
        _ => SessionResult.Failed,
    };
}
