using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The upstreams of a pool, for other threads to read. Immutable; what it says of a member changes.</summary>
/// <param name="Members">Those that are in use, in the order of the configuration, then those that drain.</param>
/// <param name="Unresolved">Those whose names have no address yet.</param>
internal sealed record KnownUpstreams(IReadOnlyList<PoolMember> Members, IReadOnlyList<UnresolvedUpstream> Unresolved)
{
    /// <param name="pool">The pool.</param>
    /// <param name="unresolved">The upstreams whose names have no address yet, each with the error of its last look-up.</param>
    internal static KnownUpstreams Of(UpstreamPool pool, IEnumerable<(string Address, UpstreamSettings Settings, string? Error)> unresolved)
    {
        PoolMember[] members = [.. pool.Members, .. pool.Draining];

        // An upstream that drains and is configured anew, with a name that is not resolved yet, has one row: the one that
        // shows its connections.
        (string Address, UpstreamSettings Settings, string? Error)[] without = [.. unresolved];
        HashSet<string> addresses = without.Length == 0 ? [] : [.. members.Select(static member => member.Address)];
        IEnumerable<UnresolvedUpstream> others =
            from upstream in without
            where !addresses.Contains(upstream.Address)
            select new UnresolvedUpstream(
                upstream.Address, upstream.Settings, pool.ByHand.For(upstream.Address, upstream.Settings.Endpoint.ToString()), upstream.Error);
        return new KnownUpstreams(members, [.. others]);
    }

    /// <summary>Whether any of them has a connection.</summary>
    internal bool HasConnections => Members.Any(static member => member.Upstream.Connections > 0);
}
