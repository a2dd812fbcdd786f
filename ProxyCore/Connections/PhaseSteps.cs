namespace ProxyCore.Connections;

/// <summary>The legal steps between the phases of a connection: the one table of them.</summary>
internal static class PhaseSteps
{
    /// <summary>Whether a connection in the phase <paramref name="from"/> may move to <paramref name="to"/>.</summary>
    /// <remarks>
    /// Before it looks for an upstream a connection only moves on. Towards the upstream it may go back and forth: an upstream that refuses is followed by another, or by the queue.
    /// A connection may close in any phase, and is closed once.
    /// </remarks>
    internal static bool MayBecome(this ConnectionPhase from, ConnectionPhase to) => (from, to) switch
    {
        (ConnectionPhase.Closed, _) => false,
        (_, ConnectionPhase.Closed) => true,

        // The limits of the proxy come before the hello, those of the route after it.
        (ConnectionPhase.Limited, ConnectionPhase.Prereading or ConnectionPhase.Limited) => true,
        ( < ConnectionPhase.Resolving, _) => to > from && to <= ConnectionPhase.Connecting,
        (ConnectionPhase.Connecting, ConnectionPhase.UpstreamHandshake or ConnectionPhase.Relaying) => true,
        (ConnectionPhase.UpstreamHandshake, ConnectionPhase.Relaying) => true,

        // An upstream whose handshake fails is followed by another.
        (ConnectionPhase.UpstreamHandshake, _) => IsConnecting(to),
        (ConnectionPhase.Relaying, ConnectionPhase.Resetting) => true,
        _ => IsConnecting(from) && IsConnecting(to),
    };

    private static bool IsConnecting(ConnectionPhase phase) =>
        phase is ConnectionPhase.Resolving or ConnectionPhase.Queued or ConnectionPhase.Connecting;
}
