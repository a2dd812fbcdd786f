using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Connections.Listening;

/// <summary>An address to bind to: what the spellings of an endpoint have in common. Equal when the sockets would be.</summary>
/// <param name="Address">The IP address; null for a Unix socket.</param>
/// <param name="Port">The port; 0 lets the system choose.</param>
/// <param name="IsDual">Whether it is the IPv6 wildcard that takes IPv4 clients, too.</param>
/// <param name="Path">The full path of a Unix socket; null otherwise.</param>
internal readonly record struct ListenAddress(IPAddress? Address, int Port, bool IsDual, string? Path)
{
    /// <summary>The addresses that <paramref name="endpoint"/> stands for.</summary>
    internal static IReadOnlyList<ListenAddress> Of(ProxyEndpoint endpoint) => endpoint.Kind switch
    {
        ProxyEndpointKind.Loopback =>
            [At(IPAddress.Loopback, endpoint.Port), At(IPAddress.IPv6Loopback, endpoint.Port)],
        ProxyEndpointKind.Any => Socket.OSSupportsIPv6
            ? [new ListenAddress(IPAddress.IPv6Any, endpoint.Port, IsDual: true, Path: null)]
            : [At(IPAddress.Any, endpoint.Port)],
        ProxyEndpointKind.UnixSocket =>
            [new ListenAddress(null, 0, IsDual: false, System.IO.Path.GetFullPath(endpoint.Path!))],
        _ => [At(endpoint.Address!.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address, endpoint.Port)],
    };

    /// <summary>The address that <paramref name="socket"/> is bound to.</summary>
    internal static ListenAddress Of(Socket socket) => socket.LocalEndPoint switch
    {
        IPEndPoint ip => new ListenAddress(ip.Address, ip.Port, IsDualWildcard(socket, ip), Path: null),
        { } unix => new ListenAddress(null, 0, IsDual: false, System.IO.Path.GetFullPath(unix.ToString()!)),
        null => default,
    };

    internal static ListenAddress At(IPAddress address, int port) => new(address, port, IsDual: false, Path: null);

    /// <summary>Addresses that overlap have it in common: of thousands, only those of one place need be compared.</summary>
    internal (int Port, string? Path) Place => (Port, Path);

    /// <summary>Whether a client of one could as well reach the other: sockets of both exclude each other.</summary>
    internal bool Overlaps(ListenAddress other) => Path is not null || other.Path is not null
        ? Path == other.Path
        : Port != 0 && Port == other.Port && (Address!.Equals(other.Address) || Covers(other) || other.Covers(this));

    private static bool IsDualWildcard(Socket socket, IPEndPoint ip) =>
        ip.Address.Equals(IPAddress.IPv6Any) && socket.DualMode;

    private bool Covers(ListenAddress other) => IsDual
        || (Address!.Equals(IPAddress.Any) && (other.IsDual || other.Address!.AddressFamily == AddressFamily.InterNetwork))
        || (Address.Equals(IPAddress.IPv6Any) && other.Address!.AddressFamily == AddressFamily.InterNetworkV6);
}
