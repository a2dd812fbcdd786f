using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Sockets;

/// <summary>The addresses of a client's socket.</summary>
internal static class ClientAddress
{
    /// <summary>As the accept gave it, or else as the socket does.</summary>
    internal static EndPoint? Of(AcceptedClient client) => client.Address ?? Of(client.Socket);

    /// <summary>The client's address; null for a client that has gone already. A system call, the first time.</summary>
    internal static EndPoint? Of(Socket client) => Ask(client, static client => client.RemoteEndPoint);

    /// <summary>The address that the client connected to; null for a client that has gone already. A system call, the first time.</summary>
    internal static EndPoint? LocalOf(Socket client) => Ask(client, static client => client.LocalEndPoint);

    /// <summary>What the user's code gets to know of a client. A system call, the first time.</summary>
    /// <param name="route">The name of the route.</param>
    /// <param name="client">The client.</param>
    internal static ClientInfo InfoOf(string route, IIdentifiedClient client) => new(route, client.Identify(), LocalOf(client.Socket));

    private static EndPoint? Ask(Socket client, Func<Socket, EndPoint?> question)
    {
        try
        {
            return question(client);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
