using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Listening;

namespace ProxyCore.Connections;

/// <summary>Where a client is.</summary>
internal static class ClientAddress
{
    /// <summary>As the accept gave it, or else as the socket does.</summary>
    internal static EndPoint? Of(AcceptedClient client) => client.Address ?? Of(client.Socket);

    /// <summary>Costs a system call, the first time; null for a client that has gone already.</summary>
    internal static EndPoint? Of(Socket client)
    {
        try
        {
            return client.RemoteEndPoint;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
