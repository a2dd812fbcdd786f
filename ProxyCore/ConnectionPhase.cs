namespace ProxyCore;

/// <summary>The steps of a connection's life, in their order. Half-closed is no step but a question to its pipes.</summary>
public enum ConnectionPhase
{
    /// <summary>Accepted, not begun.</summary>
    Accepted,

    /// <summary>The names of the upstreams are being looked up.</summary>
    Resolving,

    /// <summary>All upstreams are at their maximum; it waits for one.</summary>
    Queued,

    /// <summary>An upstream is being tried.</summary>
    Connecting,

    /// <summary>Bytes flow.</summary>
    Relaying,

    /// <summary>One side is gone; the other is reset as soon as it has the bytes that came before.</summary>
    Resetting,

    /// <summary>Everything is released. No report has this phase: it tells the one that the connection ended in.</summary>
    Closed,
}
