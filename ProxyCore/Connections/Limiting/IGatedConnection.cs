using ProxyCore.Access;
using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Limiting;

/// <summary>A connection, as a <see cref="GateStep"/> sees it. Belongs to the loop's thread.</summary>
internal interface IGatedConnection : IOpeningConnection, IIdentifiedClient
{
    /// <summary>Keeps what is to be released when the connection ends.</summary>
    void Keep(ClientUse use);

    /// <summary>Logs that the client exceeds a limit, though it may go on.</summary>
    void ReportExceeded(EndReason reason, string cause);
}
