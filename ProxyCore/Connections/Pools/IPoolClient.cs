using System.Net.Sockets;

namespace ProxyCore.Connections.Pools;

/// <summary>A client, for policies that look at it. Belongs to the thread of its connection's loop.</summary>
internal interface IPoolClient
{
    Socket Socket { get; }

    /// <summary>What is known of it; its address may cost a system call.</summary>
    ClientIdentity Identify();
}
