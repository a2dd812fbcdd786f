using System.Net;

namespace ProxyCore.Settings;

/// <summary>The addresses that the endpoints of a configuration listen on, to find those that overlap.</summary>
/// <remarks>
/// Endpoints overlap when one client address and port could reach either: <c>localhost:80</c> with <c>127.0.0.1:80</c>,
/// and <c>*:80</c> with every other endpoint on port 80. The system refuses to bind the second, or spreads the clients
/// over both.
/// </remarks>
internal sealed class ListenAddresses
{
    private readonly Dictionary<string, Place> _unixSockets = [];
    private readonly Dictionary<int, List<Place>> _ports = [];
    private readonly HashSet<ProxyEndpoint> _known = [];

    /// <summary>Adds an endpoint; returns those that were added before and that it overlaps with or is equal to.</summary>
    /// <param name="endpoint">Where to listen. Endpoints whose port the system chooses never overlap.</param>
    /// <param name="path">Where it is configured.</param>
    internal IReadOnlyList<Place> Add(ProxyEndpoint endpoint, string path)
    {
        if (endpoint.IsPortOpen)
        {
            return [];
        }

        var place = new Place(endpoint, path, AddressesOf(endpoint));
        if (endpoint.Kind == ProxyEndpointKind.UnixSocket)
        {
            return _unixSockets.TryAdd(endpoint.Identity, place) ? [] : [_unixSockets[endpoint.Identity]];
        }

        if (!_ports.TryGetValue(endpoint.Port, out List<Place>? others))
        {
            _ports.Add(endpoint.Port, others = []);
        }

        Place[] overlapping = [.. others.Where(place.Overlaps)];
        if (_known.Add(endpoint))
        {
            others.Add(place);
        }

        return overlapping;
    }

    /// <summary>Whether every address of <paramref name="narrow"/> is one of <paramref name="wide"/>, on the same port.</summary>
    internal static bool Covers(ProxyEndpoint wide, ProxyEndpoint narrow) =>
        wide.Port == narrow.Port && !wide.IsPortOpen && wide.Kind != ProxyEndpointKind.UnixSocket && narrow.Kind != ProxyEndpointKind.UnixSocket
        && Array.TrueForAll(AddressesOf(narrow), address => Array.Exists(AddressesOf(wide), one => Covers(one, address)));

    /// <summary>Whether another endpoint on its port can be a part of it: it stands for several addresses.</summary>
    internal static bool IsWide(ProxyEndpoint endpoint) =>
        AddressesOf(endpoint) is var addresses && (addresses.Length > 1 || Array.Exists(addresses, IsAny));

    /// <summary>Whether <paramref name="endpoint"/> stands for the address <paramref name="local"/> of a client's socket.</summary>
    internal static bool Includes(ProxyEndpoint endpoint, IPAddress local)
    {
        IPAddress plain = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        return Array.Exists(AddressesOf(endpoint), one => Covers(one, plain));
    }

    private static IPAddress[] AddressesOf(ProxyEndpoint endpoint) => endpoint switch
    {
        { Kind: ProxyEndpointKind.Loopback } => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        { Kind: ProxyEndpointKind.Any } => [IPAddress.Any, IPAddress.IPv6Any],
        { Address: { IsIPv4MappedToIPv6: true } address } => [address.MapToIPv4()],
        { Address: { } address } => [address],
        _ => [],
    };

    private static bool Covers(IPAddress one, IPAddress other) =>
        one.Equals(other) || (one.AddressFamily == other.AddressFamily && IsAny(one));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <param name="Endpoint">An endpoint that was added.</param>
    /// <param name="Path">Where it is configured.</param>
    /// <param name="Addresses">Its addresses.</param>
    internal sealed record Place(ProxyEndpoint Endpoint, string Path, IPAddress[] Addresses)
    {
        internal bool Overlaps(Place other) => Array.Exists(
            Addresses, address => Array.Exists(other.Addresses, one => Covers(one, address) || Covers(address, one)));
    }
}
