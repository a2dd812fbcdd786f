using System.Net.Sockets;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Opening;

/// <summary>A connection, as the step sees it that ends its client's TLS. Belongs to the loop's thread.</summary>
internal interface IEncryptedConnection : IOpeningConnection
{
    /// <summary>The client's socket.</summary>
    Socket Client { get; }

    /// <summary>Whether the client is asked for a certificate.</summary>
    bool AsksForCertificate { get; }

    /// <summary>Whether a handshake may go on in this turn of the loop; if not, <paramref name="later"/> is called in a later one.</summary>
    bool TryTakeTurn(Action later);

    /// <summary>Begins TLS with the certificate for the client. The transport belongs to the connection.</summary>
    TlsTransport AcceptTls();

    /// <summary>The handshake is done.</summary>
    void NoteTls(TlsInfo info);
}
