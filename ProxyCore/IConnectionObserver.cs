namespace ProxyCore;

/// <summary>Is told of the life of each connection.</summary>
/// <remarks>
/// Called on the thread of the connection's loop: with several loops, from several threads at a time. Everything on that
/// loop waits for it, so it must not: give a report to a queue of your own, and work on that. An exception ends its
/// connection with <see cref="EndReason.Fault"/>, and no other. With an observer each connection costs one system call
/// more, for the client's address, and some 100 bytes.
/// </remarks>
public interface IConnectionObserver
{
    /// <summary>A client has come.</summary>
    void OnAccepted(ConnectionReport connection);

    /// <summary>Its upstream is connected; bytes flow from now on.</summary>
    void OnRelaying(ConnectionReport connection);

    /// <summary>It has ended, and all that it held is released. Always the last call for a connection, and always made.</summary>
    void OnEnded(ConnectionReport connection);
}
