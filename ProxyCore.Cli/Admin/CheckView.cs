namespace ProxyCore.Cli.Admin;

/// <summary>The last health check of an upstream.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">What failed; null when nothing did.</param>
internal sealed record CheckView(string At, double Seconds, string? Failure)
{
    /// <summary>Null when the upstream is not checked, and before its first check.</summary>
    internal static CheckView? Of(UpstreamSnapshot upstream) => UpstreamView.TextOf(upstream.LastCheckAt) is { } at
        ? new CheckView(at, upstream.LastCheckDuration.GetValueOrDefault().TotalSeconds, upstream.LastCheckFailure)
        : null;
}
