using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Top;

/// <summary>How much is wrong; the larger, the worse.</summary>
internal enum Severity
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is as an operator wants it, or it may mend itself soon.</summary>
    Notable,

    /// <summary>It works in part.</summary>
    Partial,

    /// <summary>It does not work.</summary>
    Broken,
}

/// <summary>Finds what is wrong in a snapshot.</summary>
internal static class Trouble
{
    // As the proxy warns of them, in its log.
    private static readonly TimeSpan _expiresSoon = TimeSpan.FromDays(14);

    internal static Severity Of(UpstreamView upstream) => upstream.State switch
    {
        nameof(UpstreamState.Down) or nameof(UpstreamState.Out) or nameof(UpstreamState.Unresolved) => Severity.Broken,
        nameof(UpstreamState.Up) when upstream.Administration == UpstreamView.Ready => Severity.None,
        _ => Severity.Notable,
    };

    internal static Severity Of(RouteView route)
    {
        Severity[] upstreams = [.. route.Upstreams.Select(Of)];
        Severity worst = upstreams.DefaultIfEmpty().Max();
        return !route.Upstreams.Any(IsServing) ? Severity.Broken
            : worst == Severity.Broken || route.Queued > 0 ? Severity.Partial
            : worst;
    }

    internal static Severity Of(CertificateView certificate) =>
        certificate.LeftSeconds <= 0 ? Severity.Broken
        : certificate.Error is not null || certificate.LeftSeconds < _expiresSoon.TotalSeconds ? Severity.Partial
        : Severity.None;

    /// <summary>Whether an upstream gets connections.</summary>
    internal static bool IsServing(UpstreamView upstream) =>
        upstream.State is nameof(UpstreamState.Up) or nameof(UpstreamState.OnTrial)
        && upstream.Administration == UpstreamView.Ready
        && upstream.Weight > 0;

    internal static Shade ShadeOf(Severity severity) => severity switch
    {
        Severity.None => Shade.Good,
        Severity.Broken => Shade.Bad,
        _ => Shade.Warning,
    };

    /// <summary>What is wrong with the proxy as a whole, the worst first; one piece that says so when nothing is.</summary>
    internal static IReadOnlyList<Piece> Summary(SnapshotView shown, Rates rates)
    {
        RouteView[] routes = [.. shown.Routes];
        UpstreamView[] upstreams = [.. routes.SelectMany(static route => route.Upstreams)];
        CertificateView[] certificates = [.. shown.Certificates];
        var found = new List<Piece>();
        Add(routes.Count(static route => Of(route) == Severity.Broken), $"of {routes.Length} routes without an upstream", Shade.Bad);
        Add(upstreams.Count(static one => Of(one) == Severity.Broken), $"of {upstreams.Length} upstreams down", Shade.Bad);
        Add(certificates.Count(static one => one.LeftSeconds <= 0), "certificates expired", Shade.Bad);
        Add(routes.Sum(static route => route.Queued), "clients queued", Shade.Warning);
        AddRate(rates.Refused, "refused for want of an upstream", Shade.Bad);
        Add(upstreams.Count(static one => one.Administration != UpstreamView.Ready), "upstreams taken out by hand", Shade.Warning);
        Add(certificates.Count(static one => Of(one) == Severity.Partial), "certificates to renew", Shade.Warning);
        return found.Count > 0 ? found : [new Piece("No trouble", Shade.Good)];

        void Add(long count, string what, Shade shade)
        {
            if (count > 0)
            {
                found.Add(new Piece($"{count} {what}", shade));
            }
        }

        void AddRate(double rate, string what, Shade shade)
        {
            if (rate > 0)
            {
                found.Add(new Piece($"{Readable.Rate(rate)} {what}", shade));
            }
        }
    }
}
