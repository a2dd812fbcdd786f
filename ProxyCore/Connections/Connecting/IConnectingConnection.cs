using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Connecting;

/// <summary>A connection, as its <see cref="ConnectStep"/> sees it. Belongs to the loop's thread.</summary>
internal interface IConnectingConnection : IOpeningConnection, IIdentifiedClient
{
    /// <summary>Notes, for those that want reports, that an upstream is being tried.</summary>
    void NoteAttempt(string upstream);

    /// <summary>How TLS is agreed on with <paramref name="upstream"/>; null when it speaks none.</summary>
    UpstreamSecurity? SecurityFor(PoolMember upstream);

    /// <summary>An upstream is connected. Its socket and its slot belong to the connection from now on.</summary>
    void OnConnected(in ConnectedUpstream upstream);
}
