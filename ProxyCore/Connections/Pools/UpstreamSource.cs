using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>One configured upstream. Its name stands for one member, for several, or for none while it is not resolved.</summary>
/// <remarks>Belongs to the thread of the pool.</remarks>
internal sealed class UpstreamSource
{
    internal UpstreamSource(
        UpstreamSettings settings, RouteSettings route, SelectLoop loop, NameLookup lookup, Action<UpstreamSource> answered)
    {
        Settings = settings;
        Addresses = new UpstreamAddresses(
            loop, settings.Endpoint, route.Pool.ResolveInterval, route.ConnectTimeout, lookup, () => answered(this));
    }

    internal UpstreamSettings Settings { get; private set; }

    /// <summary>Its address as it is configured.</summary>
    internal string Name => Settings.Endpoint.ToString();

    internal UpstreamAddresses Addresses { get; }

    /// <summary>Changes the settings; the address is the same.</summary>
    internal void Update(UpstreamSettings settings, RouteSettings route)
    {
        Settings = settings;
        Addresses.Update(route.Pool.ResolveInterval, route.ConnectTimeout);
    }

    internal IEnumerable<MemberSettings> Members() => (Settings.EachAddress, Addresses.Current) switch
    {
        (_, { Count: 0 }) => [],
        (true, var each) => each.Select(address => Member(EndPointText.Of(address), [address])),
        (false, var all) => [Member(Name, all)],
    };

    private MemberSettings Member(string address, IReadOnlyList<EndPoint> endPoints) =>
        new(address, endPoints, Settings.Weight, Settings.MaxConnections, Settings.IsBackup)
        {
            Source = Name,
            SendProxyProtocol = Settings.SendProxyProtocol,
            Tls = Settings.Tls,
        };
}
