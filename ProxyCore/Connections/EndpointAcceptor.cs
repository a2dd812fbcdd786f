using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections;

/// <summary>Serves the clients of one endpoint on the loop of one shard.</summary>
internal sealed class EndpointAcceptor(Shard shard, EndpointRoutes endpoint) : IClientAcceptor
{
    public bool WantsAddress => endpoint.NeedsClientAddress || shard.WantsClientAddresses;

    public void Accept(AcceptedClient client) => shard.OnAccepted(endpoint, client);

    public bool TryHand(AcceptedClient client) => shard.TryHand(endpoint, client);
}
