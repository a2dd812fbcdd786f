using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>An upstream that is configured by its address or its name. Belongs to the thread of the pool.</summary>
internal sealed class AddressUpstream : ConfiguredUpstream
{
    private readonly UpstreamAddresses _addresses;
    private IReadOnlyList<MemberSettings>? _members;

    /// <param name="settings">What is configured of it.</param>
    /// <param name="route">What is configured of its route.</param>
    /// <param name="loop">The loop of the pool.</param>
    /// <param name="lookup">What looks its name up.</param>
    /// <param name="lookedUp">Called after each look-up.</param>
    internal AddressUpstream(
        UpstreamSettings settings, RouteSettings route, SelectLoop loop, NameLookup lookup, Action<LookupResult> lookedUp)
        : base(settings) =>
        _addresses = new UpstreamAddresses(
            loop,
            settings.Endpoint,
            route.Pool.ResolveInterval,
            route.ConnectTimeout,
            lookup,
            result =>
            {
                _members = null;
                lookedUp(result);
            });

    internal override bool IsAsking => _addresses.IsAsking;

    internal override string? LookupError => _addresses.LookupError;

    internal override IReadOnlyList<MemberSettings> Members => _members ??= MakeMembers();

    internal override IEnumerable<string> Unresolved => _addresses.Current.Count == 0 ? [Name] : [];

    internal override void Start() => _addresses.Start();

    internal override void Stop() => _addresses.Stop();

    internal override void Refresh(string? address = null) => _addresses.Refresh();

    internal override void Update(UpstreamSettings settings, RouteSettings route)
    {
        base.Update(settings, route);
        _members = null;
        _addresses.Update(route.Pool.ResolveInterval, route.ConnectTimeout);
    }

    private MemberSettings[] MakeMembers() => (Settings.EachAddress, _addresses.Current) switch
    {
        (_, { Count: 0 }) => [],
        (true, var each) => [.. each.Select(address => Member(EndPointText.Of(address), [address]))],
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
