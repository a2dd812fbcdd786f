using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Listening;

/// <summary>One endpoint of a route that is listened on, by one loop or by each. Immutable.</summary>
/// <param name="Identity">What it is called in its configuration, see <see cref="IdentityOf"/>.</param>
/// <param name="Endpoint">As it is configured.</param>
/// <param name="Route">Where its clients go.</param>
/// <param name="Listeners">The listeners of all loops; <c>localhost</c> has two on each.</param>
internal sealed record BoundEndpoint(string Identity, ProxyEndpoint Endpoint, Route Route, IReadOnlyList<Listener> Listeners)
{
    /// <summary>
    /// What tells one endpoint from others: itself, or, where the system chose the port, its place in the route.
    /// </summary>
    internal static string IdentityOf(RouteSettings route, ProxyEndpoint endpoint, int index) =>
        endpoint.IsPortOpen ? $"{route.Name}, {index}: {endpoint.Identity}" : endpoint.Identity;

    /// <summary>The same when its port is written out.</summary>
    internal string BoundIdentity =>
        Listeners[0].LocalEndPoint is IPEndPoint { Port: var port } ? Endpoint.IdentityAt(port) : Identity;
}
