namespace ProxyCore.Cli.Admin;

/// <summary>An open connection.</summary>
internal sealed record ConnectionView(
    long Id,
    string Route,
    string? Client,
    string? Upstream,
    int Attempts,
    double DurationSeconds,
    long BytesToUpstream,
    long BytesToClient,
    double BytesPerSecond)
{
    internal static ConnectionView Of(ConnectionSnapshot connection) => new(
        connection.Report.Id,
        connection.Report.Route,
        connection.Report.Client?.ToString(),
        connection.Report.Upstream,
        connection.Report.Attempts,
        connection.Report.Duration.TotalSeconds,
        connection.Report.BytesToUpstream,
        connection.Report.BytesToClient,
        connection.BytesPerSecond);
}
