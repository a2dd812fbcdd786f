using System.Net;

namespace ProxyCore;

/// <summary>Whom an upstream is chosen for. Immutable.</summary>
/// <param name="route">The name of the route that the client came to.</param>
/// <param name="address">Where the client is, if that is known.</param>
public sealed class ClientInfo(string route, EndPoint? address)
{
    /// <summary>The name of the route that the client came to.</summary>
    public string Route { get; } = route;

    /// <summary>
    /// Where the client is: of a Unix socket mostly without a path. Null for one that is gone already, and where the
    /// policy is a built-in one that does not ask.
    /// </summary>
    public EndPoint? Address { get; } = address;
}
