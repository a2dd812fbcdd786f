using ProxyCore.Loop;

namespace ProxyCore.Connections.Encrypting;

/// <summary>Lets one handshake with a client begin in each turn of a loop; the others wait, in their order.</summary>
/// <remarks>
/// The arithmetic of a handshake takes 0.3 ms (P-256) to 1.3 ms (RSA-2048), and all connections of the loop wait meanwhile. When
/// many clients come at once, what is ready elsewhere is served between any two of them. A client waits within the time of its
/// handshake. Belongs to the loop's thread.
/// </remarks>
internal sealed class HandshakeTurns(SelectLoop loop)
{
    private readonly Queue<(ILoopMember Owner, Action Begin)> _waiting = [];
    private long _lastTurn = -1;

    /// <summary>Whether a handshake may begin now. Then none may begin in the rest of this turn.</summary>
    internal bool TryTake()
    {
        if (_waiting.Count > 0 || _lastTurn == loop.Turns)
        {
            return false;
        }

        _lastTurn = loop.Turns;
        return true;
    }

    /// <summary>Calls <paramref name="begin"/> in a later turn, also when the owner has ended by then.</summary>
    internal void Wait(ILoopMember owner, Action begin)
    {
        _waiting.Enqueue((owner, begin));
        if (_waiting.Count == 1)
        {
            loop.Post(owner, BeginNext);
        }
    }

    private void BeginNext()
    {
        Action begin = _waiting.Dequeue().Begin;
        _lastTurn = loop.Turns;
        if (_waiting.TryPeek(out (ILoopMember Owner, Action Begin) next))
        {
            // Ahead of the call: what throws there ends one connection, and the others go on.
            loop.Post(next.Owner, BeginNext);
        }

        begin();
    }
}
