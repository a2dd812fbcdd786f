using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>Is told, on the pool's thread, what becomes known of its upstreams.</summary>
internal interface IUpstreamListener
{
    /// <summary>A look-up has ended; members may have other addresses.</summary>
    void OnLookedUp(LookupResult result);

    /// <summary>A source has found other servers than before.</summary>
    /// <param name="upstream">The upstream, as it is configured.</param>
    /// <param name="before">What it had found before; null for nothing.</param>
    /// <param name="servers">What it has found.</param>
    void OnFound(string upstream, FoundServers? before, FoundServers servers);

    /// <summary>Members are to be used in another way.</summary>
    void OnMembersChanged();
}
