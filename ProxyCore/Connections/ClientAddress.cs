using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections;

/// <summary>Where a client is.</summary>
internal static class ClientAddress
{
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
