using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>One configured upstream, and what it comes to now that its name is looked up: one member, several or none.</summary>
/// <remarks>Belongs to the thread of its pool.</remarks>
internal sealed class UpstreamSource
{
    private UpstreamSettings _settings;

    internal UpstreamSource(
        UpstreamSettings settings, RouteSettings route, SelectLoop loop, NameLookup lookup, Action<UpstreamSource> answered)
    {
        _settings = settings;
        Addresses = new UpstreamAddresses(
            loop, settings.Endpoint, route.Pool.ResolveInterval, route.ConnectTimeout, lookup, () => answered(this));
    }

    /// <summary>Its address as it is configured.</summary>
    internal string Name => _settings.Endpoint.ToString();

    internal UpstreamAddresses Addresses { get; }

    /// <summary>Takes new settings for the same address.</summary>
    internal void Update(UpstreamSettings settings, RouteSettings route)
    {
        _settings = settings;
        Addresses.Update(route.Pool.ResolveInterval, route.ConnectTimeout);
    }

    internal IEnumerable<MemberSettings> Members() => (_settings.EachAddress, Addresses.Current) switch
    {
        (_, { Count: 0 }) => [],
        (true, var each) => each.Select(address => Member(EndPointText.Of(address), [address])),
        (false, var all) => [Member(Name, all)],
    };

    private MemberSettings Member(string address, IReadOnlyList<EndPoint> endPoints) =>
        new(address, endPoints, _settings.Weight, _settings.MaxConnections, _settings.IsBackup);
}
