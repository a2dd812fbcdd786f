using System.Net;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The addresses of servers that a source has found: it looks up the names that came without any. Belongs to the thread of the pool.</summary>
/// <param name="loop">The loop of the pool.</param>
/// <param name="lookup">What looks names up.</param>
/// <param name="lookedUp">Called after each look-up.</param>
internal sealed class ServerNames(SelectLoop loop, NameLookup lookup, Action<LookupResult> lookedUp)
{
    private Dictionary<string, UpstreamAddresses> _names = [];
    private bool _isStopped = true;

    /// <summary>Whether a look-up runs.</summary>
    internal bool IsAsking => _names.Values.Any(static one => one.IsAsking);

    /// <summary>Why a look-up failed last; null when none did.</summary>
    internal string? LookupError => _names.Values.Select(static one => one.LookupError).FirstOrDefault(static error => error is not null);

    internal IReadOnlyList<EndPoint> EndPointsOf(FoundServer server) => server.Addresses is { } addresses
        ? [.. addresses.Select(address => new IPEndPoint(address, server.Endpoint.Port))]
        : _names[server.Name].Current;

    /// <summary>Begins to look up, or goes on after <see cref="Stop"/>.</summary>
    internal void Start()
    {
        _isStopped = false;
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Start();
        }
    }

    internal void Stop()
    {
        _isStopped = true;
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Stop();
        }
    }

    /// <summary>Looks up again before it is time: one name, or all for null.</summary>
    internal void Refresh(string? address)
    {
        foreach ((string name, UpstreamAddresses addresses) in _names)
        {
            if (address is null || address == name)
            {
                addresses.Refresh();
            }
        }
    }

    internal void Update(RouteSettings route)
    {
        foreach (UpstreamAddresses name in _names.Values)
        {
            name.Update(route.Pool.ResolveInterval, route.ConnectTimeout);
        }
    }

    /// <summary>Looks up the names of these servers, and no others.</summary>
    internal void Follow(FoundServers servers, RouteSettings route)
    {
        Dictionary<string, UpstreamAddresses> before = _names;
        _names = [];
        foreach (FoundServer server in servers.All.Where(static one => one.Addresses is null))
        {
            bool isKnown = before.Remove(server.Name, out UpstreamAddresses? name);
            name ??= new UpstreamAddresses(loop, server.Endpoint, route.Pool.ResolveInterval, route.ConnectTimeout, lookup, lookedUp);
            _names.Add(server.Name, name);
            if (!isKnown && !_isStopped)
            {
                name.Start();
            }
        }

        foreach (UpstreamAddresses gone in before.Values)
        {
            gone.Stop();
        }
    }
}
