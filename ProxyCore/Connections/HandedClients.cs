using ProxyCore.Connections.Sockets;

namespace ProxyCore.Connections;

/// <summary>Clients that another loop accepted for this one. Any thread; none is lost when the loop ends.</summary>
internal sealed class HandedClients
{
    private readonly Lock _gate = new();
    private List<(EndpointRoutes Endpoint, AcceptedClient Client)> _waiting = [];
    private bool _isClosed;

    /// <summary>Adds a client; false when the loop takes no more.</summary>
    internal bool TryAdd(EndpointRoutes endpoint, AcceptedClient client)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _waiting.Add((endpoint, client));
            }

            return !_isClosed;
        }
    }

    /// <summary>Takes all clients that wait.</summary>
    internal List<(EndpointRoutes Endpoint, AcceptedClient Client)> Take()
    {
        lock (_gate)
        {
            List<(EndpointRoutes Endpoint, AcceptedClient Client)> taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    /// <summary>Refuses further clients, unless one waits; returns whether it does.</summary>
    internal bool TryClose()
    {
        lock (_gate)
        {
            _isClosed |= _waiting.Count == 0;
            return _isClosed;
        }
    }

    /// <summary>Refuses further clients; those that wait may still be taken.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }
}
