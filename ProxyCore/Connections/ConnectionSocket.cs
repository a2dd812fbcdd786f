using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>One of the two sockets of a connection, in its shard's table and loop. Belongs to the loop's thread.</summary>
internal abstract class ConnectionSocket(Socket socket, Connection connection) : Watched(socket, connection)
{
    // It is the owner as well: a field for it would cost every connection twice.
    protected Connection Connection => (Connection)Owner;

    internal void Enter(Shard shard)
    {
        shard.Routes.Add(Socket, Connection);
        shard.Loop.Attach(this, Interest.None);
    }

    /// <summary>Leaves both, and is closed: with a FIN when the end is <paramref name="orderly"/>, else with a reset.</summary>
    internal void Leave(Shard shard, bool orderly)
    {
        shard.Routes.Remove(Socket);
        shard.Loop.Detach(this);
        if (orderly)
        {
            Socket.Dispose();
        }
        else
        {
            // Linger 0: the peer gets a reset, and does not take what it has for the whole.
            Socket.Close(0);
        }
    }
}
