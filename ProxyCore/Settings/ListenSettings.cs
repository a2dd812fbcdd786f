namespace ProxyCore.Settings;

/// <summary>What is configured of one listening endpoint of a route. Immutable.</summary>
/// <param name="Endpoint">Where clients connect to.</param>
/// <param name="MaxConnectionRate">How fast clients are accepted; null is as fast as they come.</param>
internal sealed record ListenSettings(ProxyEndpoint Endpoint, Rate? MaxConnectionRate);
