namespace ProxyCore;

/// <summary>Chooses the upstream of a connection. Built in are those of <see cref="BalancingNames"/>.</summary>
/// <remarks>
/// Each route has a policy object of its own. It is called once for each attempt to connect, always on the same thread:
/// that of the proxy's first loop, which relays nothing meanwhile. So it may keep state without a lock, and must not
/// wait. When it throws, the connection that it was to choose for ends with <see cref="EndReason.Fault"/>, and no other.
/// </remarks>
public interface IBalancingPolicy
{
    /// <summary>Chooses one of <paramref name="candidates"/>.</summary>
    /// <param name="candidates">
    /// The upstreams that are healthy, below their maximum and not yet tried for this client: two or more, in the order
    /// of the configuration. Valid until the method returns. Where there is only one, it is taken without asking.
    /// </param>
    /// <param name="client">The client that is to be connected.</param>
    /// <returns>One of <paramref name="candidates"/>; anything else counts as an exception.</returns>
    Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client);
}
