namespace ProxyCore.Settings;

/// <summary>How many bytes a second connections of a route may carry.</summary>
/// <param name="ToClient">Towards clients; null for no limit.</param>
/// <param name="ToUpstream">Towards upstreams; null for no limit.</param>
/// <param name="Scope">Which connections share the rate.</param>
internal sealed record BandwidthSettings(Rate? ToClient, Rate? ToUpstream, BandwidthScope Scope);
