using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The configured upstreams of a pool with what is known of them. Belongs to the thread of the pool.</summary>
/// <param name="loop">The loop of the pool.</param>
/// <param name="lookup">What looks names up.</param>
/// <param name="tls">The TLS of the loop.</param>
/// <param name="listener">Is told what becomes known.</param>
internal sealed class PoolSources(SelectLoop loop, NameLookup lookup, LoopTls tls, IUpstreamListener listener)
{
    private List<ConfiguredUpstream> _upstreams = [];

    /// <summary>Whether a look-up runs.</summary>
    internal bool IsAsking => _upstreams.Exists(static one => one.IsAsking);

    /// <summary>The errors of those upstreams whose last look-up failed, or that have no addresses.</summary>
    internal string LookupErrors => string.Join("; ", _upstreams.Select(static one => one.LookupError).OfType<string>().Distinct());

    /// <summary>The names that have no address yet, each with the upstream that it comes from and the error of its last look-up.</summary>
    internal IEnumerable<(string Address, UpstreamSettings Settings, string? Error)> Unresolved() =>
        _upstreams.SelectMany(static one => one.Unresolved.Select(name => (name, one.Settings, one.LookupError)));

    /// <summary>The members that the upstreams stand for now. Two of them may have one in common.</summary>
    internal IEnumerable<MemberSettings> Members() =>
        _upstreams.SelectMany(static one => one.Members).DistinctBy(static member => member.Address);

    /// <summary>The configured address that <paramref name="address"/> is, or belongs to; null for neither.</summary>
    internal string? SourceOf(string address) => _upstreams.Find(one => one.Has(address))?.Name;

    /// <summary>Makes the upstreams of <paramref name="route"/> its own. What is known of those that stay is kept.</summary>
    internal void Use(RouteSettings route)
    {
        Dictionary<string, ConfiguredUpstream> before = _upstreams.ToDictionary(static one => one.Name);
        _upstreams = [];
        foreach (UpstreamSettings settings in route.Pool.Upstreams)
        {
            if (before.TryGetValue(settings.Endpoint.ToString(), out ConfiguredUpstream? upstream)
                && (upstream is DiscoveredUpstream) == (settings.Source is not null))
            {
                before.Remove(upstream.Name);
                upstream.Update(settings, route);
            }
            else
            {
                upstream = Make(settings, route);
            }

            _upstreams.Add(upstream);
        }

        foreach (ConfiguredUpstream gone in before.Values)
        {
            gone.Stop();
        }

        _upstreams.ForEach(static one => one.Start());
    }

    /// <summary>Looks up the name of <paramref name="member"/> again, after a connect to it has failed.</summary>
    internal void Refresh(PoolMember member) => _upstreams.Find(one => one.Has(member.Address))?.Refresh(member.Address);

    /// <summary>Looks up all names again.</summary>
    internal void RefreshAll() => _upstreams.ForEach(static one => one.Refresh());

    /// <summary>Ends the look-ups; <see cref="Use"/> begins them again.</summary>
    internal void Stop() => _upstreams.ForEach(static one => one.Stop());

    private ConfiguredUpstream Make(UpstreamSettings settings, RouteSettings route) => settings.Source is null
        ? new AddressUpstream(settings, route, loop, lookup, tls, listener.OnLookedUp)
        : new DiscoveredUpstream(settings, route, loop, lookup, tls, listener);
}
