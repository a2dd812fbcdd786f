using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The configured upstreams of a pool with the addresses of their names. Belongs to the thread of the pool.</summary>
internal sealed class PoolSources(SelectLoop loop, NameLookup lookup, Action<UpstreamSource> answered)
{
    private List<UpstreamSource> _sources = [];

    /// <summary>Whether a look-up runs.</summary>
    internal bool IsAsking => _sources.Exists(static source => source.Addresses.IsAsking);

    /// <summary>The errors of those names whose last look-up failed.</summary>
    internal string LookupErrors => string.Join("; ", _sources.Select(static source => source.Addresses.LookupError).OfType<string>().Distinct());

    /// <summary>The upstreams whose names have no address yet, each with the error of its last look-up.</summary>
    internal IEnumerable<(UpstreamSettings Settings, string? Error)> Unresolved() =>
        _sources.Where(static source => source.Addresses.Current.Count == 0).Select(static source => (source.Settings, source.Addresses.LookupError));

    /// <summary>The members that the upstreams stand for now. Two names may have an address in common: that is one member.</summary>
    internal IEnumerable<MemberSettings> Members() =>
        _sources.SelectMany(static source => source.Members()).DistinctBy(static member => member.Address);

    /// <summary>The configured address that <paramref name="address"/> is, or belongs to; null for neither.</summary>
    internal string? SourceOf(string address) => _sources
        .Find(source => source.Name == address || source.Members().Any(member => member.Address == address))?.Name;

    /// <summary>Makes the upstreams of <paramref name="route"/> its own. A name that it knows already keeps its addresses.</summary>
    internal void Use(RouteSettings route)
    {
        Dictionary<string, UpstreamSource> before = _sources.ToDictionary(static source => source.Name);
        _sources = [];
        foreach (UpstreamSettings settings in route.Pool.Upstreams)
        {
            if (before.Remove(settings.Endpoint.ToString(), out UpstreamSource? source))
            {
                source.Update(settings, route);
            }
            else
            {
                source = new UpstreamSource(settings, route, loop, lookup, answered);
            }

            _sources.Add(source);
        }

        foreach (UpstreamSource gone in before.Values)
        {
            gone.Addresses.Stop();
        }

        _sources.ForEach(static source => source.Addresses.Start());
    }

    /// <summary>Looks up the name of <paramref name="member"/> again, after a connect to it has failed.</summary>
    internal void Refresh(PoolMember member) =>
        _sources.Find(source => source.Members().Any(one => one.Address == member.Address))?.Addresses.Refresh();

    /// <summary>Looks up all names again.</summary>
    internal void RefreshAll() => _sources.ForEach(static source => source.Addresses.Refresh());

    /// <summary>Ends the look-ups; <see cref="Use"/> begins them again.</summary>
    internal void Stop() => _sources.ForEach(static source => source.Addresses.Stop());
}
