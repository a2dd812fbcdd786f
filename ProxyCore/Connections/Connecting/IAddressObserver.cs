using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Connecting;

/// <summary>Who is told how an <see cref="AddressSequence"/> gets on.</summary>
internal interface IAddressObserver
{
    /// <summary>It begins to connect to <paramref name="address"/>.</summary>
    void OnTrying(EndPoint address);

    /// <summary><paramref name="address"/> failed; the next one follows.</summary>
    void OnAddressFailed(EndPoint address, SocketError error);

    /// <summary>It is over: with a socket that is connected, and now the observer's, or with the last error.</summary>
    void OnCompleted(Socket? socket, SocketError error);
}
