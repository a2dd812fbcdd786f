using ProxyCore.Loop;

namespace ProxyCore.Connections.Encrypting;

/// <summary>
/// Lets one costly part of a handshake run in each turn of a loop: the first answer to a client, what a client sends that is asked
/// for a certificate, or an answer of an upstream. The others wait, in their order.
/// </summary>
/// <remarks>
/// The arithmetic of a handshake takes 0.3 ms (P-256) to 1.3 ms (RSA-2048), and all connections of the loop wait meanwhile. When
/// many peers come at once, what is ready elsewhere is served between any two of them. Each waits within the time of its
/// handshake. Belongs to the loop's thread.
/// </remarks>
internal sealed class HandshakeTurns(SelectLoop loop)
{
    private readonly Queue<(ILoopMember Owner, Action GoOn)> _waiting = [];
    private long _lastTurn = -1;

    /// <summary>
    /// Whether a handshake may go on now. Then no other may in the rest of this turn. If not, <paramref name="later"/> is called in
    /// a later turn, also when the owner has ended by then.
    /// </summary>
    internal bool TryTake(ILoopMember owner, Action later)
    {
        if (_waiting.Count == 0 && _lastTurn != loop.Turns)
        {
            _lastTurn = loop.Turns;
            return true;
        }

        _waiting.Enqueue((owner, later));
        if (_waiting.Count == 1)
        {
            loop.Post(owner, RunNext);
        }

        return false;
    }

    private void RunNext()
    {
        Action goOn = _waiting.Dequeue().GoOn;
        _lastTurn = loop.Turns;
        if (_waiting.TryPeek(out (ILoopMember Owner, Action GoOn) next))
        {
            // Ahead of the call: what throws there ends one connection, and the others go on.
            loop.Post(next.Owner, RunNext);
        }

        goOn();
    }
}
