using System.Net.Sockets;

namespace ProxyCore.Connections;

/// <summary>Which socket belongs to which connection: both sockets of a connection are keys.</summary>
internal sealed class RouteTable
{
    private const int SmallestGrowth = 2;
    private readonly Dictionary<Socket, Connection> _routes = [];

    /// <summary>How many sockets it knows.</summary>
    internal int Count => _routes.Count;

    /// <summary>Every connection, once: to look at them later, when some may have ended.</summary>
    internal List<Connection> ToList()
    {
        var connections = new List<Connection>((_routes.Count / 2) + 1);
        foreach ((Socket socket, Connection connection) in _routes)
        {
            if (socket == connection.Client)
            {
                connections.Add(connection);
            }
        }

        return connections;
    }

    internal void Add(Socket socket, Connection connection)
    {
        // By an eighth, which the dictionary makes a fifth, its next prime. Left to itself it doubles, and half of it lies
        // empty; a quarter would be two primes, nearly a half.
        if (_routes.Count == _routes.Capacity)
        {
            _routes.EnsureCapacity(_routes.Count + (_routes.Count / 8) + SmallestGrowth);
        }

        _routes.Add(socket, connection);
    }

    internal void Remove(Socket socket) => _routes.Remove(socket);

    /// <summary>The connection with <paramref name="id"/>, or null. Looks through the whole table.</summary>
    internal Connection? Find(long id) => _routes.Values.FirstOrDefault(connection => connection.Id == id);

    /// <summary>Ends the connection with <paramref name="id"/>; false when there is none.</summary>
    internal bool TryCut(long id, EndReason reason)
    {
        Connection? connection = Find(id);
        connection?.Cut(reason);
        return connection is not null;
    }

    /// <summary>Ends every connection.</summary>
    internal void CutAll(EndReason reason)
    {
        // Each leaves the table as it ends, both its sockets; the second of them finds it ended.
        foreach (Connection connection in _routes.Values)
        {
            connection.Cut(reason);
        }
    }
}
