using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Sockets;

/// <summary>A client that a listener has accepted.</summary>
/// <param name="Socket">The socket to it.</param>
/// <param name="Address">
/// Its address as accept(2) gives it, which it does also for a client that has reset the connection meanwhile; null when
/// nobody asked for it, or the client came over a Unix socket.
/// </param>
internal readonly record struct AcceptedClient(Socket Socket, EndPoint? Address = null);
