using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ProxyCore.Connections.Sockets;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>What the PROXY header says that an upstream gets for a client.</summary>
internal static class UpstreamHeader
{
    // Tells the connections of one process from those of another: ids of connections begin with 1 in each.
    private static readonly byte[] _process = RandomNumberGenerator.GetBytes(sizeof(long));

    /// <param name="settings">What the upstream is to get.</param>
    /// <param name="id">What logs call the connection.</param>
    /// <param name="client">What is known of the client.</param>
    /// <param name="socket">The client's socket.</param>
    /// <param name="received">The header that came in, if any.</param>
    internal static ProxyHeaderContent ContentFor(
        SendProxyProtocolSettings settings, long id, ClientIdentity client, Socket socket, ProxyHeader? received) => new()
        {
            Version = settings.Version,
            Tlvs = settings.Tlvs,
            Source = client.Address,
            Destination = client.Destination ?? ClientAddress.LocalOf(socket),
            Authority = client.ServerName ?? received?.Authority,
            Alpn = client.Tls is { } tls ? AlpnOf(tls) : received?.Alpn ?? default,
            UniqueId = settings.Tlvs.HasFlag(ProxyTlvs.UniqueId) ? UniqueIdOf(id, received) : default,
            Ssl = client.Tls is null ? received?.Ssl : SslOf(client.Tls),
            Received = received?.Tlvs ?? default,
        };

    private static ReadOnlyMemory<byte> AlpnOf(TlsInfo tls) => tls.Alpn is { } alpn ? Encoding.ASCII.GetBytes(alpn) : default;

    private static ProxySsl SslOf(TlsInfo tls)
    {
        ProxySslClient certificate = tls switch
        {
            { PeerSubject: null } => ProxySslClient.None,
            { IsResumed: true } => ProxySslClient.CertificateInSession,
            _ => ProxySslClient.CertificateOnConnection | ProxySslClient.CertificateInSession,
        };
        return new ProxySsl(ProxySslClient.OverTls | certificate, Verify: tls.PeerSubject is null ? 1u : 0u)
        {
            Version = tls.Version,
            Cipher = tls.Cipher,
            CommonName = tls.PeerCommonName,
        };
    }

    /// <summary>That of the header that came in: the first proxy names the connection for all that follow.</summary>
    private static ReadOnlyMemory<byte> UniqueIdOf(long id, ProxyHeader? received)
    {
        if (received is { UniqueId.IsEmpty: false })
        {
            return received.UniqueId;
        }

        var unique = new byte[2 * sizeof(long)];
        _process.CopyTo(unique, 0);
        BinaryPrimitives.WriteInt64BigEndian(unique.AsSpan(sizeof(long)), id);
        return unique;
    }
}
