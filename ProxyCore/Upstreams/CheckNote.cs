namespace ProxyCore.Upstreams;

/// <summary>One health check of an upstream. Immutable.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Cause">What failed; null when nothing did.</param>
internal sealed record CheckNote(DateTimeOffset At, TimeSpan Duration, string? Cause);
