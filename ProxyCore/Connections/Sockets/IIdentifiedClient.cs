using System.Net.Sockets;

namespace ProxyCore.Connections.Sockets;

/// <summary>The client of a connection, for those that look at it. Belongs to the thread of its connection's loop.</summary>
internal interface IIdentifiedClient
{
    Socket Socket { get; }

    /// <summary>What is known of it; its address may cost a system call.</summary>
    ClientIdentity Identify();
}
