using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Hosting;

/// <summary>Logs what a new configuration has changed: a line for the proxy, and one for each route. Any thread.</summary>
internal sealed class ReloadReport
{
    // A configuration that a program has made may have thousands, and change all of them.
    private const int MostRoutes = 20;
    private const int MostNames = 5;

    private readonly ILogger _logger;
    private int _routes;

    private ReloadReport(ILogger logger) => _logger = logger;

    internal static void Log(ILogger logger, TcpProxyOptions before, TcpProxyOptions after)
    {
        var report = new ReloadReport(logger);
        report.LogProxy(before, after);
        report.LogRoutes(before, after);
    }

    private void LogProxy(TcpProxyOptions before, TcpProxyOptions after)
    {
        var changes = new OptionChanges();
        changes.CompareWithin(
            "", ConfigurationKeys.Proxy.Where(static key => key.Name != nameof(TcpProxyOptions.Routes)), before, after);
        if (changes.Any)
        {
            _logger.ProxyChanged(changes.ToString());
        }
    }

    private void LogRoutes(TcpProxyOptions before, TcpProxyOptions after)
    {
        ReportedRoute[] routes = ReportedRoute.Of(after);
        ReportedRoute[] former = ReportedRoute.Of(before);
        Dictionary<ReportedRoute, ReportedRoute> continued = ReportedRoute.Match(former, routes);
        foreach (ReportedRoute route in routes)
        {
            LogRoute(route.Name, continued.TryGetValue(route, out ReportedRoute? was) ? Difference(was.Options, route.Options) : Describe(route.Options));
        }

        foreach (ReportedRoute gone in former.Except(continued.Values))
        {
            LogRoute(gone.Name, "removed");
        }

        if (_routes > MostRoutes)
        {
            _logger.MoreRoutesChanged(_routes - MostRoutes);
        }
    }

    private static string Difference(RouteOptions before, RouteOptions after)
    {
        var changes = new OptionChanges();
        changes.CompareWithin("", ConfigurationKeys.Route, before, after);
        return changes.ToString();
    }

    private static string Describe(RouteOptions route) =>
        $"added, {Names(route.Listen.Select(static one => one.Address))} to {Names(route.Upstreams.Select(static one => one.Address))}";

    private static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(Printable.Shorten)];
        string more = all.Length > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {all.Length - MostNames} more") : "";
        return string.Join(", ", all.Take(MostNames)) + more;
    }

    private void LogRoute(string route, string changes)
    {
        if (changes.Length > 0 && ++_routes <= MostRoutes)
        {
            _logger.RouteChanged(Printable.Shorten(route), changes);
        }
    }
}
