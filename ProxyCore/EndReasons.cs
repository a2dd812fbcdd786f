namespace ProxyCore;

/// <summary>What follows from why a connection ended.</summary>
internal static class EndReasons
{
    /// <summary>Whether both sides got every byte and a FIN.</summary>
    internal static bool IsOrderly(this EndReason reason) => reason is EndReason.ClientFin or EndReason.UpstreamFin;

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
