using System.Net.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>Clients that another loop accepted for this one. Any thread; none is lost when the loop ends.</summary>
internal sealed class HandedClients
{
    private readonly Lock _gate = new();
    private List<(Route Route, Socket Client)> _waiting = [];
    private bool _isClosed;

    /// <summary>Adds a client; false when the loop takes none any more.</summary>
    internal bool TryAdd(Route route, Socket client)
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                _waiting.Add((route, client));
            }

            return !_isClosed;
        }
    }

    /// <summary>Takes all that wait.</summary>
    internal List<(Route Route, Socket Client)> Take()
    {
        lock (_gate)
        {
            List<(Route Route, Socket Client)> taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    /// <summary>Lets nobody in any more, unless somebody waits.</summary>
    internal bool TryClose()
    {
        lock (_gate)
        {
            _isClosed |= _waiting.Count == 0;
            return _isClosed;
        }
    }

    /// <summary>Lets nobody in any more; those who wait may still be taken.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }
}
