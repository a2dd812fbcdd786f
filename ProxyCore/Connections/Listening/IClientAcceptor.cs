using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>Serves the clients that listeners accept, each on one loop. A slot has been taken for every client.</summary>
internal interface IClientAcceptor
{
    /// <summary>Whether the addresses of clients are needed. Any thread.</summary>
    bool WantsAddress { get; }

    /// <summary>Serves <paramref name="client"/>. Called on its own loop's thread.</summary>
    /// <exception cref="Exception">It was not served: the caller still owns the socket and the slot.</exception>
    void Accept(AcceptedClient client);

    /// <summary>
    /// Takes <paramref name="client"/>, which another loop has accepted; false when its own loop takes no more clients.
    /// Any thread.
    /// </summary>
    bool TryHand(AcceptedClient client);
}
