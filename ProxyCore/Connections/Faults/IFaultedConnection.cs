using ProxyCore.Connections.Opening;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Faults;

/// <summary>A connection that opens, as the toxics see it that act before it relays. Belongs to the loop's thread.</summary>
internal interface IFaultedConnection : IOpeningConnection, IIdentifiedClient
{
    /// <summary>Notes which toxic ends it.</summary>
    void NoteToxic(string name);
}
