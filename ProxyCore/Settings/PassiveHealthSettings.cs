namespace ProxyCore.Settings;

/// <summary>When failed connects take an upstream out, and for how long.</summary>
/// <param name="Failures">How many in a row do; 0 never.</param>
/// <param name="OutTime">For how long at first. Doubled each time that the trial after it fails.</param>
/// <param name="MaxOutTime">For how long at most.</param>
internal sealed record PassiveHealthSettings(int Failures, TimeSpan OutTime, TimeSpan MaxOutTime)
{
    /// <summary>The largest share of the upstreams that may be out; null for no bound.</summary>
    internal double? MaxOutShare { get; init; }
}
