using System.Text;
using static ProxyCore.Relay.Transports.OpenSsl.NativeSsl;

namespace ProxyCore.Relay.Transports.OpenSsl;

/// <summary>What many connections share, as an SSL_CTX.</summary>
internal sealed unsafe class OpenSslContext : TlsContext
{
    private OpenSslContext(ContextHandle handle, bool isServer, byte[]? serverName, string? expected)
    {
        Handle = handle;
        IsServer = isServer;
        ServerName = serverName;
        ExpectedName = expected;
    }

    /// <summary>Each connection has a reference to it.</summary>
    internal ContextHandle Handle { get; }

    internal bool IsServer { get; }

    /// <summary>The name that a client asks the server for, with a zero at its end; null asks for none.</summary>
    internal byte[]? ServerName { get; }

    /// <summary>The name or address that the peer's certificate must have; null where none is asked for.</summary>
    internal string? ExpectedName { get; }

    public override void Dispose() => Handle.Dispose();

    /// <exception cref="TlsException">The certificate, its key or a CA can't be used.</exception>
    internal static OpenSslContext ForServer(TlsServerParameters parameters)
    {
        byte[] alpn = AlpnList.Encode(parameters.Alpn);
        return Complete(ContextHandle.Create(TLS_server_method(), alpn), handle =>
        {
            ContextSetup.SetDefaults(handle.Context, parameters.MinimumVersion);
            ContextSetup.SetServerCiphers(handle.Context);
            ContextSetup.SetServerSessions(handle.Context);
            ContextSetup.SetIdentity(handle.Context, parameters.Identity);
            ContextSetup.AskClients(handle.Context, parameters.ClientCertificates, parameters.ClientCa);
            if (alpn.Length > 0)
            {
                ContextCallbacks.ChooseAlpn(handle.Context, handle.State);
            }

            return new OpenSslContext(handle, isServer: true, serverName: null, expected: null);
        });
    }

    /// <exception cref="TlsException">A certificate, its key or a CA can't be used.</exception>
    internal static OpenSslContext ForClient(TlsClientParameters parameters)
    {
        byte[] alpn = AlpnList.Encode(parameters.Alpn);
        return Complete(ContextHandle.Create(TLS_client_method(), alpn), handle =>
        {
            ContextSetup.SetDefaults(handle.Context, parameters.MinimumVersion);
            ContextSetup.VerifyServer(handle.Context, parameters);
            ContextCallbacks.KeepSessions(handle.Context, handle.State);
            if (parameters.Identity is { } identity)
            {
                ContextSetup.SetIdentity(handle.Context, identity);
            }

            fixed (byte* list = alpn)
            {
                _ = SSL_CTX_set_alpn_protos(handle.Context, list, (uint)alpn.Length);
            }

            byte[]? serverName = parameters.ServerName is { } name ? Encoding.ASCII.GetBytes(name + '\0') : null;
            string? expected = parameters.ServerName ?? parameters.Address?.ToString();
            return new OpenSslContext(handle, isServer: false, serverName, expected);
        });
    }

    private static OpenSslContext Complete(ContextHandle handle, Func<ContextHandle, OpenSslContext> setUp)
    {
        try
        {
            return setUp(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
