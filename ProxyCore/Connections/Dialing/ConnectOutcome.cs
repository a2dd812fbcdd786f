using System.Net.Sockets;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Dialing;

/// <summary>What an attempt to connect came to.</summary>
/// <param name="Socket">The connected socket, which now belongs to the receiver of the outcome; null after a failure.</param>
/// <param name="Error">
/// After a failure, its cause. With a socket, <see cref="SocketError.ConnectionReset"/> when the upstream has sent bytes,
/// which are still to be read, and then reset the connection.
/// </param>
/// <param name="IsLocal">
/// Whether the cause lies on this machine: descriptors, ports, memory or a permission. Then it says nothing about the
/// upstream.
/// </param>
internal readonly record struct ConnectOutcome(Socket? Socket, SocketError Error, bool IsLocal = false)
{
    internal static ConnectOutcome Connected(Socket socket) => new(socket, SocketError.Success);

    internal static ConnectOutcome Failed(SocketError error, AddressFamily family) =>
        new(null, error, ConnectionErrors.IsLocal(error, family));

    /// <summary>The end reason of the client's connection, when no other attempt follows.</summary>
    internal EndReason Reason => IsLocal ? EndReason.OutOfResources : ConnectionErrors.ReasonOf(Error);

    internal string Cause => ConnectionErrors.Describe(Error);
}
