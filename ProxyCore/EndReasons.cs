namespace ProxyCore;

/// <summary>What follows from why a connection ended.</summary>
internal static class EndReasons
{
    private static readonly string[] _names = Enum.GetNames<EndReason>();

    /// <summary>Whether both sides got every byte and a FIN.</summary>
    internal static bool IsOrderly(this EndReason reason) => reason is EndReason.ClientFin or EndReason.UpstreamFin;

    /// <summary>Its name, without making one each time.</summary>
    internal static string NameOf(EndReason reason) => _names[(int)reason];

    /// <summary>Whether no upstream was tried, for want of one that could be had.</summary>
    internal static bool IsRefusal(EndReason reason) =>
        reason is EndReason.ResolveFailed or EndReason.NoUpstream or EndReason.QueueFull or EndReason.QueueTimeout;

    /// <summary>Which side it was; null for the proxy itself.</summary>
    internal static ConnectionSide? EndedBy(this EndReason reason)
    {
        switch (reason)
        {
            case EndReason.ClientFin:
            case EndReason.ClientReset:
            case EndReason.ClientLost:
                return ConnectionSide.Client;
            case EndReason.UpstreamFin:
            case EndReason.UpstreamReset:
            case EndReason.UpstreamLost:
            case EndReason.ConnectRefused:
            case EndReason.ConnectTimeout:
            case EndReason.ConnectFailed:
            case EndReason.UpstreamDown:
                return ConnectionSide.Upstream;
            default:
                return null;
        }
    }
}
