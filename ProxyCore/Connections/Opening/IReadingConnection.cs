using System.Net.Sockets;
using ProxyCore.Preread.ProxyProtocol;
using ProxyCore.Preread.Tls;

namespace ProxyCore.Connections.Opening;

/// <summary>A connection, as the steps see it that read the client's first bytes. Belongs to the loop's thread.</summary>
internal interface IReadingConnection : IOpeningConnection
{
    /// <summary>The client's socket.</summary>
    Socket Client { get; }

    /// <summary>What has been read and not consumed.</summary>
    EarlyBytes Early { get; }

    /// <summary>The sender has declared whose connection it is.</summary>
    void NoteHeader(ProxyHeader header);

    /// <summary>The client has sent its TLS hello.</summary>
    /// <param name="hello">The hello.</param>
    /// <param name="isOfPostgres">Whether the client has asked for TLS as PostgreSQL clients do, and expects its server to have agreed.</param>
    void NoteHello(ClientHello hello, bool isOfPostgres);

    /// <summary>The client begins a session with PostgreSQL without TLS.</summary>
    void NotePlainPostgres();
}
