using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The configured upstreams of a pool, and what their names come to. Belongs to the thread of its pool.</summary>
internal sealed class PoolSources(SelectLoop loop, NameLookup lookup, Action<UpstreamSource> answered)
{
    private List<UpstreamSource> _sources = [];

    /// <summary>Whether a name is being looked up.</summary>
    internal bool IsAsking => _sources.Exists(static source => source.Addresses.IsAsking);

    /// <summary>Why the last look-ups failed, of those that did.</summary>
    internal string LookupErrors => string.Join("; ", _sources.Select(static source => source.Addresses.LookupError).OfType<string>().Distinct());

    /// <summary>What all of them come to now; two names may have an address in common.</summary>
    internal IEnumerable<MemberSettings> Members() =>
        _sources.SelectMany(static source => source.Members()).DistinctBy(static member => member.Address);

    /// <summary>Takes the upstreams of <paramref name="route"/>. A name that it had before keeps its addresses.</summary>
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

    /// <summary>Looks up again whatever <paramref name="member"/> comes from: it was of no use.</summary>
    internal void Distrust(PoolMember member) =>
        _sources.Find(source => source.Members().Any(one => one.Address == member.Address))?.Addresses.AskAgain();

    /// <summary>Looks all names up again.</summary>
    internal void AskAgain() => _sources.ForEach(static source => source.Addresses.AskAgain());

    internal void Stop() => _sources.ForEach(static source => source.Addresses.Stop());
}
