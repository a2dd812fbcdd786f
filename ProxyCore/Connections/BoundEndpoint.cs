using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Connections.Listening;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections;

/// <summary>One endpoint and its listeners. Immutable.</summary>
/// <param name="Identity">Its name within the configuration, see <see cref="IdentityOf"/>.</param>
/// <param name="Routes">Where its clients go.</param>
/// <param name="Listeners">The listeners of all loops; <c>localhost</c> has two on each.</param>
internal sealed record BoundEndpoint(string Identity, EndpointRoutes Routes, IReadOnlyList<Listener> Listeners)
{
    private const int MostNames = 5;

    /// <summary>As it is configured.</summary>
    internal ProxyEndpoint Endpoint => Routes.Endpoint;

    /// <summary>
    /// Distinguishes endpoints: the endpoint itself or, where the system chose the port, its position in the route.
    /// </summary>
    internal static string IdentityOf(RouteSettings route, ProxyEndpoint endpoint, int index) =>
        endpoint.IsPortOpen ? $"{route.Name}, {index}: {endpoint.Identity}" : endpoint.Identity;

    /// <summary>The routes of its clients, for logs: a few by name.</summary>
    internal string RouteNames
    {
        get
        {
            RouteSettings[] routes = [.. Routes.AllRoutes.Select(static route => route.Settings)];
            string names = string.Join(", ", routes.Take(MostNames).Select(static route => Printable.Shorten(route.Name)));
            string more = routes.Length > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {routes.Length - MostNames} more") : "";

            // The name of a route that was given none says what it is.
            return $"{(routes.Length > 1 ? "routes " : routes[0].IsNamed ? "route " : "")}{names}{more}";
        }
    }

    /// <summary>One line for the endpoint as it was written: <c>localhost</c> has two listeners on each loop.</summary>
    internal void LogListening(ILogger logger)
    {
        if (Listeners[0].LocalEndPoint is IPEndPoint { Port: var port })
        {
            logger.ListeningOnPort(port, BoundIdentity, RouteNames);
        }
        else
        {
            logger.ListeningOn(Endpoint, RouteNames);
        }
    }

    /// <summary>The same with the port written out.</summary>
    internal string BoundIdentity =>
        Listeners[0].LocalEndPoint is IPEndPoint { Port: var port } ? Endpoint.IdentityAt(port) : Identity;
}
