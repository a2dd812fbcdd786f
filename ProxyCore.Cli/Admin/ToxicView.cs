namespace ProxyCore.Cli.Admin;

/// <summary>A toxic of a route: at work, or switched off by hand.</summary>
internal sealed record ToxicView(
    string Route,
    string Name,
    string Type,
    string Stream,
    double Toxicity,
    string Description,
    bool Enabled,
    long Connections,
    long EndedConnections)
{
    internal static ToxicView Of(string route, ToxicSnapshot toxic) => new(
        route,
        toxic.Name,
        toxic.Type,
        NameOf(toxic.Stream),
        toxic.Toxicity,
        toxic.Description,
        Enabled: true,
        toxic.Connections,
        toxic.EndedConnections);

    internal static ToxicView Of(ActiveToxic toxic, bool enabled = true)
    {
        Toxic settings = toxic.Toxic;
        return new ToxicView(
            toxic.Route,
            toxic.Name,
            settings.Type,
            NameOf(settings.Stream),
            settings.Toxicity,
            settings.ToString(),
            enabled,
            toxic.Connections,
            toxic.EndedConnections);
    }

    private static string NameOf(ToxicDirection stream) => stream == ToxicDirection.Upstream ? "upstream" : "downstream";
}

/// <summary>The JSON of <c>/api/toxics</c>.</summary>
internal sealed record ToxicsView(IEnumerable<ToxicView> Toxics);
