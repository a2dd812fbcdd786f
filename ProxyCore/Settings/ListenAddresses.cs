using System.Net;
using System.Net.Sockets;

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
    private readonly Dictionary<(IPAddress Address, int Port), Place> _addresses = [];

    // The first endpoint on a port, and the first that has all addresses of a family there.
    private readonly Dictionary<(AddressFamily Family, int Port), Place> _any = [];
    private readonly Dictionary<(AddressFamily Family, int Port), Place> _wildcards = [];

    /// <summary>Adds an endpoint; returns the one that was added before, and that it overlaps with or is equal to.</summary>
    /// <param name="endpoint">Where to listen. Endpoints whose port the system chooses never overlap.</param>
    /// <param name="path">Where it is configured.</param>
    internal Place? Add(ProxyEndpoint endpoint, string path)
    {
        if (endpoint.IsPortOpen)
        {
            return null;
        }

        var place = new Place(endpoint, path);
        if (endpoint.Kind == ProxyEndpointKind.UnixSocket)
        {
            return _unixSockets.TryAdd(endpoint.Identity, place) ? null : _unixSockets[endpoint.Identity];
        }

        IPAddress[] addresses = AddressesOf(endpoint);
        if (Array.ConvertAll(addresses, address => Find(address, endpoint.Port)).FirstOrDefault(static one => one is not null) is { } other)
        {
            return other;
        }

        Array.ForEach(addresses, address => Add(address, endpoint.Port, place));
        return null;
    }

    private static IPAddress[] AddressesOf(ProxyEndpoint endpoint) => endpoint switch
    {
        { Kind: ProxyEndpointKind.Loopback } => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        { Kind: ProxyEndpointKind.Any } => [IPAddress.Any, IPAddress.IPv6Any],
        { Address: { IsIPv4MappedToIPv6: true } address } => [address.MapToIPv4()],
        { Address: { } address } => [address],
        _ => [],
    };

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private Place? Find(IPAddress address, int port) =>
        _addresses.GetValueOrDefault((address, port))
        ?? (IsWildcard(address) ? _any : _wildcards).GetValueOrDefault((address.AddressFamily, port));

    private void Add(IPAddress address, int port, Place place)
    {
        _addresses.Add((address, port), place);
        _any.TryAdd((address.AddressFamily, port), place);
        if (IsWildcard(address))
        {
            _wildcards.TryAdd((address.AddressFamily, port), place);
        }
    }

    /// <param name="Endpoint">An endpoint that was added.</param>
    /// <param name="Path">Where it is configured.</param>
    internal sealed record Place(ProxyEndpoint Endpoint, string Path);
}
