namespace ProxyCore.Upstreams;

/// <summary>Since when something is so of an upstream, and why. Immutable.</summary>
/// <param name="Since">Since when.</param>
/// <param name="Cause">The last failure; null for none.</param>
internal sealed record HealthNote(DateTimeOffset Since, string? Cause);
