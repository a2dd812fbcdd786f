namespace ProxyCore.Settings;

/// <summary>What is configured of one listening endpoint of a route. Immutable.</summary>
/// <param name="Endpoint">Where clients connect to.</param>
internal sealed record ListenSettings(ProxyEndpoint Endpoint);
