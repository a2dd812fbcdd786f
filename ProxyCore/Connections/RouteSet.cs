namespace ProxyCore.Connections;

/// <summary>The routes of a proxy at one time, and where each is listened on. Immutable, safe for any thread.</summary>
/// <param name="Routes">By name.</param>
/// <param name="Endpoints">In the order of the configuration.</param>
/// <param name="Extensions">The user's code.</param>
internal sealed record RouteSet(
    IReadOnlyDictionary<string, Route> Routes, IReadOnlyList<BoundEndpoint> Endpoints, Extensions Extensions)
{
    internal static RouteSet Empty { get; } = new(new Dictionary<string, Route>(), [], new Extensions(null, []));
}
