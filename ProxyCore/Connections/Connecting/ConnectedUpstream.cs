using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Connecting;

/// <summary>An upstream that is connected; the slot at <paramref name="Member"/> belongs to the connection.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Member">The upstream.</param>
/// <param name="Failure">
/// <see cref="TransferResult.Reset"/> when the upstream has sent bytes and then reset the connection, before the loop saw
/// that it was made; else <see cref="TransferResult.Success"/>.
/// </param>
/// <param name="Tls">TLS to the upstream; null without.</param>
internal readonly record struct ConnectedUpstream(Socket Socket, PoolMember Member, TransferResult Failure, TlsTransport? Tls);
