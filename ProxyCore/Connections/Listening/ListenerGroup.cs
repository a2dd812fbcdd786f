using System.Net.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>The new listeners on one address: the first loop's, and those of the other loops where the system can share.</summary>
internal sealed class ListenerGroup
{
    private readonly List<Listener> _listeners;
    private readonly bool _isListening;

    internal ListenerGroup(Listener first, bool isListening)
    {
        _listeners = [first];
        _isListening = isListening;
    }

    internal IReadOnlyList<Listener> Listeners => _listeners;

    internal Listener First => _listeners[0];

    /// <summary>Whether several loops have it.</summary>
    internal bool IsShared => _listeners.Count > 1;

    /// <summary>
    /// Binds the address for the other loops, too; false when the system has no sharing, so that the first listener has to
    /// hand its clients over.
    /// </summary>
    /// <exception cref="SocketException">It has sharing, but a bind has failed.</exception>
    internal bool TryBindSiblings(IReadOnlyList<ListenerSet> sets)
    {
        try
        {
            foreach (ListenerSet set in sets.Skip(1))
            {
                // Neither listens yet, so that SO_REUSEADDR, which .NET sets, is enough.
                _listeners.Add(First.BindSibling(set));
            }

            return true;
        }
        catch (SocketException exception) when (IsNoSharing(exception.SocketErrorCode))
        {
            _listeners.Skip(1).ToList().ForEach(static listener => listener.Abandon());
            _listeners.RemoveRange(1, _listeners.Count - 1);
            return false;
        }
    }

    /// <summary>
    /// Makes them listen. Without sharing the first one listens only where no other process does; the siblings share with
    /// it from then on.
    /// </summary>
    /// <exception cref="SocketException">One can't listen.</exception>
    internal void Listen()
    {
        if (_isListening)
        {
            return;
        }

        First.Listen();
        foreach (Listener sibling in _listeners.Skip(1))
        {
            ListenSocket.Share(First.Socket, true);
            sibling.Listen();
        }
    }

    internal void Abandon() => _listeners.ForEach(static listener => listener.Abandon());

    private static bool IsNoSharing(SocketError error) =>
        error is SocketError.OperationNotSupported or SocketError.ProtocolOption or SocketError.AddressAlreadyInUse;
}
