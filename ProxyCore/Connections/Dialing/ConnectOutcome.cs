using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Relay.Transports;

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

    internal static ConnectOutcome Secured(Socket socket, TlsTransport tls) => new(socket, SocketError.Success) { Tls = tls };

    internal static ConnectOutcome TlsFailed(string cause) => new(null, SocketError.ProtocolOption) { TlsFailure = cause };

    /// <summary>TLS on the connected socket, which belongs to the receiver, too; null without.</summary>
    internal TlsTransport? Tls { get; private init; }

    /// <summary>Why TLS could not be agreed on with an upstream that was connected; null when that is not the failure.</summary>
    internal string? TlsFailure { get; private init; }

    /// <summary>The end reason of the client's connection, when no other attempt follows.</summary>
    internal EndReason Reason => (TlsFailure, IsLocal) switch
    {
        (not null, _) => EndReason.TlsFailed,
        (null, true) => EndReason.OutOfResources,
        _ => ConnectionErrors.ReasonOf(Error),
    };

    internal string Cause => TlsFailure ?? ConnectionErrors.Describe(Error);
}
