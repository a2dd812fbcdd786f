using System.Net.Sockets;

namespace ProxyCore.Relay.Transports;

/// <summary>
/// TLS between a socket and the relay. First comes the handshake, called each time that the socket is ready for what
/// <see cref="Transport.InterestFor"/> says of an interest in reading; then bytes. Belongs to the loop's thread.
/// </summary>
internal abstract class TlsTransport(Socket socket) : Transport(socket)
{
    internal abstract override bool IsTruncated { get; }

    /// <summary>Goes on with the handshake, as far as that needs no wait.</summary>
    internal abstract HandshakeStatus Handshake();

    /// <summary>
    /// Why the handshake has failed, as a part of a sentence, safe to print. Its alert, if it has one, is sent.
    /// </summary>
    internal abstract string FailureCause { get; }

    /// <summary>What the handshake has come to. Once it is done.</summary>
    internal abstract TlsInfo Describe();
}
