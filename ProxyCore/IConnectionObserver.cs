namespace ProxyCore;

/// <summary>Observes the life of each connection. Implement the methods that matter; the others do nothing.</summary>
/// <remarks>
/// Called on the thread of the connection's loop: with several loops, from several threads at a time. Every connection of
/// that loop waits meanwhile, so a method must not wait itself: it puts the report into a queue of its own and returns. An
/// exception ends its connection with <see cref="EndReason.Fault"/>, and no other. With an observer each connection costs
/// one system call more, for the client's address, and some 100 bytes.
/// </remarks>
public interface IConnectionObserver
{
    /// <summary>A client was accepted.</summary>
    /// <param name="connection">The connection at this moment.</param>
    void OnAccepted(ConnectionReport connection)
    {
    }

    /// <summary>The upstream is connected; the relay begins.</summary>
    /// <param name="connection">The connection at this moment.</param>
    void OnRelaying(ConnectionReport connection)
    {
    }

    /// <summary>The connection has ended and holds nothing any more. Always the last call for it, and always made.</summary>
    /// <param name="connection">The connection at its end.</param>
    void OnEnded(ConnectionReport connection)
    {
    }
}
