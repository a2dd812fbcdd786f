using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>
/// What the callbacks of a context need, in native memory: a callback gets a pointer, and must not throw or wait. Any
/// thread: several loops share a context.
/// </summary>
internal unsafe struct SharedState
{
    /// <summary>
    /// How many sessions are kept. A ticket of TLS 1.3 is used once, and a full handshake brings two: this many new
    /// connections at once can be resumed.
    /// </summary>
    private const int MostSessions = 32;

    private byte* _alpn;
    private int _alpnSize;
    private int _last;
    private Sessions _sessions;

    /// <summary>The application protocols in the form of the wire: each with its length ahead.</summary>
    internal readonly ReadOnlySpan<byte> Alpn => new(_alpn, _alpnSize);

    /// <summary>Makes one in native memory.</summary>
    internal static SharedState* Create(ReadOnlySpan<byte> alpn)
    {
        var state = (SharedState*)NativeMemory.AllocZeroed((nuint)sizeof(SharedState));
        state->_alpn = (byte*)NativeMemory.Alloc((nuint)Math.Max(alpn.Length, 1));
        state->_alpnSize = alpn.Length;
        alpn.CopyTo(new Span<byte>(state->_alpn, alpn.Length));
        return state;
    }

    /// <summary>Frees it and the sessions in it. Nobody may use it any more.</summary>
    internal static void Free(SharedState* state)
    {
        for (nint session = state->TakeSession(); session != 0; session = state->TakeSession())
        {
            SSL_SESSION_free(session);
        }

        NativeMemory.Free(state->_alpn);
        NativeMemory.Free(state);
    }

    /// <summary>Keeps a session, whose reference the caller gives away; the oldest gives place to it.</summary>
    internal void KeepSession(nint session)
    {
        int slot = (int)((uint)Interlocked.Increment(ref _last) % MostSessions);
        nint oldest = Interlocked.Exchange(ref _sessions[slot], session);
        if (oldest != 0)
        {
            SSL_SESSION_free(oldest);
        }
    }

    /// <summary>Takes the newest session out; its reference now belongs to the caller. 0 when there is none.</summary>
    internal nint TakeSession()
    {
        uint last = (uint)Volatile.Read(ref _last);
        for (uint age = 0; age < MostSessions; age++)
        {
            ref nint slot = ref _sessions[(int)((last - age) % MostSessions)];
            if (Volatile.Read(ref slot) != 0 && Interlocked.Exchange(ref slot, 0) is not 0 and var session)
            {
                return session;
            }
        }

        return 0;
    }

    [InlineArray(MostSessions)]
    private struct Sessions
    {
        private nint _first;
    }
}
