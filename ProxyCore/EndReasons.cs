namespace ProxyCore;

/// <summary>What follows from why a connection ended.</summary>
internal static class EndReasons
{
    /// <summary>All of them, in the order of their numbers.</summary>
    internal static IReadOnlyList<EndReason> All { get; } = Enum.GetValues<EndReason>();

    /// <summary>Whether both sides got every byte that came, and a FIN.</summary>
    internal static bool IsOrderly(this EndReason reason) => reason is
        EndReason.ClientFin or EndReason.UpstreamFin or EndReason.ClientTruncated or EndReason.UpstreamTruncated;

    /// <summary>Its name, without an allocation.</summary>
    internal static string NameOf(EndReason reason) => Enum.GetName(reason) ?? "";

    /// <summary>Whether the client was refused before any upstream was tried.</summary>
    internal static bool IsRefusal(EndReason reason) =>
        reason is EndReason.ResolveFailed or EndReason.NoUpstream or EndReason.QueueFull or EndReason.QueueTimeout
        || IsRefusedAtTheDoor(reason);

    /// <summary>
    /// Whether the client was refused for what it is or has sent: an attacker can cause it as often as connections can be
    /// made, so the log has to bound the lines about it.
    /// </summary>
    internal static bool IsRefusedAtTheDoor(EndReason reason) =>
        reason is (>= EndReason.ProxyHeaderInvalid and <= EndReason.RouteConnectionLimit) or EndReason.ClientTlsFailed or EndReason.ClientTlsTimeout;

    /// <summary>The side that ended the connection; null for the proxy itself.</summary>
    internal static ConnectionSide? EndedBy(this EndReason reason)
    {
        switch (reason)
        {
            case EndReason.ClientFin:
            case EndReason.ClientReset:
            case EndReason.ClientLost:
            case EndReason.ClientTruncated:
                return ConnectionSide.Client;
            case EndReason.UpstreamFin:
            case EndReason.UpstreamReset:
            case EndReason.UpstreamLost:
            case EndReason.ConnectRefused:
            case EndReason.ConnectTimeout:
            case EndReason.ConnectFailed:
            case EndReason.UpstreamDown:
            case EndReason.UpstreamHandshakeFailed:
            case EndReason.TlsFailed:
            case EndReason.UpstreamTruncated:
                return ConnectionSide.Upstream;
            default:
                return null;
        }
    }
}
