using System.Net;
using ProxyCore.Diagnostics;

namespace ProxyCore;

/// <summary>The client that a route or an upstream is chosen for. Immutable. A test may make its own.</summary>
public sealed class ClientInfo
{
    /// <summary>Makes one.</summary>
    /// <param name="route">See <see cref="Route"/>.</param>
    /// <param name="address">See <see cref="Address"/>.</param>
    /// <param name="localEndPoint">See <see cref="LocalEndPoint"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="route"/> is null.</exception>
    public ClientInfo(string route, EndPoint? address, EndPoint? localEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        Route = route;
        Address = address;
        LocalEndPoint = localEndPoint;
    }

    /// <summary>The name of the route that the client came to.</summary>
    public string Route { get; }

    /// <summary>
    /// The address of the client; that of a client on a Unix socket mostly has no path. Null when the client had gone
    /// before the proxy could ask, and where a built-in policy does not use it.
    /// </summary>
    public EndPoint? Address { get; }

    /// <summary>
    /// The address that the client connected to: with <c>*:80</c> the one of several that it chose. Null as for
    /// <see cref="Address"/>, and for every built-in policy.
    /// </summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Route}: {EndPointText.Of(Address)} to {EndPointText.Of(LocalEndPoint)}";
}
