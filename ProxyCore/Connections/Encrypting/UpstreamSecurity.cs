using System.Net.Sockets;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Encrypting;

/// <summary>How TLS is agreed on with one upstream. Belongs to the loop's thread.</summary>
/// <param name="StartTls">How the upstream is asked for TLS.</param>
/// <param name="MakeHeader">Makes what goes ahead of all, on a connected socket: a PROXY header, or nothing.</param>
/// <param name="Begin">Begins TLS on a connected socket.</param>
/// <param name="Turns">When answers of upstreams are handled.</param>
internal sealed record UpstreamSecurity(
    StartTlsMode StartTls, Func<Socket, byte[]> MakeHeader, Func<Socket, TlsTransport> Begin, HandshakeTurns Turns);
