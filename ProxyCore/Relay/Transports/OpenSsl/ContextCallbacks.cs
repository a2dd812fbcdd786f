using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What OpenSSL asks or tells a context. An exception may not leave these: nothing in them throws.</summary>
internal static unsafe class ContextCallbacks
{
    /// <summary>The index of the data that belongs to the application: ssl.h, SSL_CTX_set_app_data.</summary>
    private const int ApplicationData = 0;

    /// <summary>Lets a server choose the first of its own protocols that the client offers.</summary>
    internal static void ChooseAlpn(nint context, SharedState* state) =>
        SSL_CTX_set_alpn_select_cb(context, &Choose, state);

    /// <summary>Lets a client keep the sessions that servers send.</summary>
    internal static void KeepSessions(nint context, SharedState* state)
    {
        _ = SSL_CTX_ctrl(context, ControlSessionCacheMode, SessionCacheClientOwn, 0);
        _ = SSL_CTX_set_ex_data(context, ApplicationData, state);
        SSL_CTX_sess_set_new_cb(context, &Keep);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Choose(nint ssl, byte** chosen, byte* chosenSize, byte* offered, uint offeredSize, void* argument)
    {
        ReadOnlySpan<byte> own = ((SharedState*)argument)->Alpn;
        var client = new ReadOnlySpan<byte>(offered, (int)offeredSize);
        while (!own.IsEmpty)
        {
            ReadOnlySpan<byte> one = own[..(own[0] + 1)];
            if (Offers(client, one))
            {
                // The list is in native memory, and lives as long as the context.
                *chosen = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(one)) + 1;
                *chosenSize = one[0];
                return AlpnChosen;
            }

            own = own[one.Length..];
        }

        return AlpnFatal;
    }

    /// <summary>Whether a list has <paramref name="wanted"/>; both with lengths ahead.</summary>
    private static bool Offers(ReadOnlySpan<byte> list, ReadOnlySpan<byte> wanted)
    {
        while (!list.IsEmpty && list[0] < list.Length)
        {
            int size = list[0] + 1;
            if (list[..size].SequenceEqual(wanted))
            {
                return true;
            }

            list = list[size..];
        }

        return false;
    }

    /// <summary>Returns whether the reference to the session was taken.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Keep(nint ssl, nint session)
    {
        ((SharedState*)SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ApplicationData))->KeepSession(session);
        return 1;
    }
}
