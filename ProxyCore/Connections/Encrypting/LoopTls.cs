using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Encrypting;

/// <summary>The TLS of one loop. Belongs to its thread.</summary>
/// <param name="proxy">The TLS of the proxy.</param>
/// <param name="buffers">The buffers of the loop.</param>
/// <param name="loop">The loop.</param>
internal sealed class LoopTls(ProxyTls proxy, RelayBuffers buffers, SelectLoop loop) : IDisposable
{
    private TlsLoop? _loop;

    // Made when the first connection needs it: a proxy without TLS has no buffers for it.
    private TlsLoop Loop => _loop ??= proxy.Engine.CreateLoop(buffers);

    /// <summary>When the costly parts of handshakes run.</summary>
    internal HandshakeTurns Turns { get; } = new(loop);

    /// <summary>The certificates of an endpoint that ends TLS.</summary>
    internal ListenerTls For(ListenTlsSettings settings) => proxy.ListenerFor(settings);

    /// <summary>Begins TLS as the server.</summary>
    /// <param name="listener">The certificates of the endpoint.</param>
    /// <param name="serverName">The name that the client asks for; null for none.</param>
    /// <param name="clients">Whether the route asks for certificates; null for what the endpoint says.</param>
    /// <param name="client">The socket of the client.</param>
    /// <param name="early">What was read from it, a block that belongs to the transport from now on; null for nothing.</param>
    internal TlsTransport Accept(
        ListenerTls listener, string? serverName, ClientCertificateSettings? clients, Socket client, PendingBytes? early)
    {
        TlsTransport transport = Loop.Accept(listener.ContextFor(serverName, clients), client, early);
        transport.RefusesTruncation = listener.Settings.OnTruncation == TruncationAction.Reset;
        return transport;
    }

    /// <summary>TLS to an upstream that is configured.</summary>
    internal IUpstreamTls For(UpstreamTlsSettings settings) => proxy.UpstreamFor(settings);

    /// <summary>What begins TLS to an upstream, with its certificates as they are at that time.</summary>
    /// <param name="tls">The TLS of the upstream.</param>
    /// <param name="clientAlpn">The protocol that the client has agreed on; null for none.</param>
    internal Func<Socket, TlsTransport> BeginnerFor(IUpstreamTls tls, string? clientAlpn)
    {
        // Others see it as an interface only because the floor of the pool's members knows no contexts.
        var upstream = (UpstreamTls)tls;
        string? alpn = upstream.Settings.FollowsClientAlpn ? clientAlpn : null;
        return socket => Connect(upstream, socket, alpn);
    }

    /// <summary>Makes the TLS of servers that a source has found ready. Any thread but a loop's.</summary>
    /// <param name="configured">How TLS is spoken to their upstream.</param>
    /// <param name="servers">The servers.</param>
    /// <returns>
    /// The servers whose names can be those of certificates, why others are left out, and the TLS of each, which is to be kept as
    /// long as the server may be used.
    /// </returns>
    /// <exception cref="TlsException">A certificate can't be used.</exception>
    internal (FoundServers Servers, IReadOnlyDictionary<ProxyEndpoint, IUpstreamTls> Tls) Prepare(
        UpstreamTlsSettings configured, FoundServers servers)
    {
        var good = new List<(FoundServer Server, UpstreamTlsSettings Tls)>(servers.All.Count);
        var faults = servers.Faults.ToList();
        foreach (FoundServer server in servers.All)
        {
            if (UpstreamTlsReader.ForServer(configured, server.Endpoint) is { } tls)
            {
                good.Add((server, tls));
            }
            else
            {
                faults.Add($"'{server.Name}' can't be verified: its host can't be the name in a certificate");
            }
        }

        IReadOnlyDictionary<UpstreamTlsSettings, UpstreamTls> ready = proxy.PrepareFound([.. good.Select(static one => one.Tls).Distinct()]);
        return (
            new FoundServers([.. good.Select(static one => one.Server)], [.. faults]),
            good.Where(one => ready.ContainsKey(one.Tls)).ToDictionary(static one => one.Server.Endpoint, IUpstreamTls (one) => ready[one.Tls]));
    }

    public void Dispose() => _loop?.Dispose();

    private TlsTransport Connect(UpstreamTls upstream, Socket socket, string? alpn)
    {
        TlsTransport transport = Loop.Connect(upstream.Context, socket, alpn);
        transport.RefusesTruncation = upstream.Settings.OnTruncation == TruncationAction.Reset;
        return transport;
    }
}
