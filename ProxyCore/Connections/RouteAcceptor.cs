using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections;

/// <summary>Serves the clients of one route on the loop of one shard.</summary>
internal sealed class RouteAcceptor(Shard shard, Route route) : IClientAcceptor
{
    public bool WantsAddress => shard.WantsClientAddresses;

    public void Accept(AcceptedClient client) => shard.OnAccepted(route, client);

    public bool TryHand(AcceptedClient client) => shard.TryHand(route, client);
}
