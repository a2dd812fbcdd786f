using System.Globalization;

namespace ProxyCore.Cli.Admin;

/// <summary>A <see cref="ProxySnapshot"/> as the JSON of <c>/api/snapshot</c>: times in seconds, enums by name.</summary>
/// <remarks>What has a default is missing in the answers of earlier versions, which <c>proxycore top</c> may ask.</remarks>
internal sealed record SnapshotView(
    string Time,
    string Version,
    string State,
    double UptimeSeconds,
    int MaxConnections,
    bool CanEnd,
    ProxyStatisticsView Statistics,
    IEnumerable<RouteView> Routes,
    IEnumerable<LoopView> Loops,
    IEnumerable<ConnectionView> Connections,
    IEnumerable<CertificateView> Certificates,
    TroubleView? Trouble = null,
    IEnumerable<DenyView>? Denied = null,
    int DeniedTotal = 0,
    SharedStateView? SharedState = null)
{
    // Far more than anybody reads; all are at /api/deny.
    private const int MostDenied = 100;

    /// <summary>How a time is written, UTC.</summary>
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <param name="snapshot">What is shown.</param>
    /// <param name="canEnd">Whether anything can be changed: connections, upstreams, toxics.</param>
    /// <param name="toxics">The toxics of a route, with those that are switched off.</param>
    internal static SnapshotView Of(ProxySnapshot snapshot, bool canEnd, Func<RouteSnapshot, IEnumerable<ToxicView>> toxics) => new(
        snapshot.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        Product.Version,
        snapshot.State.ToString(),
        snapshot.Uptime.TotalSeconds,
        snapshot.MaxConnections,
        canEnd,
        ProxyStatisticsView.Of(snapshot),
        snapshot.Routes.Select(route => RouteView.Of(route, toxics(route))),
        snapshot.Loops.Select(LoopView.Of),
        snapshot.Connections.Select(ConnectionView.Of),
        snapshot.Certificates.Select(CertificateView.Of),
        TroubleView.Of(snapshot.Routes),
        snapshot.Denied.Take(MostDenied).Select(DenyView.Of),
        snapshot.Denied.Count,
        SharedStateView.Of(snapshot.SharedState));
}
