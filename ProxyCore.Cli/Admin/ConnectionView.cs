using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Admin;

/// <summary>An open connection.</summary>
internal sealed record ConnectionView(
    long Id,
    string Route,
    string? Client,
    string? Upstream,
    string Phase,
    int Attempts,
    double DurationSeconds,
    long BytesToUpstream,
    long BytesToClient,
    double BytesPerSecond)
{
    internal static ConnectionView Of(ConnectionSnapshot connection) => new(
        connection.Report.Id,
        connection.Report.Route,
        connection.Report.Client is { } client ? EndPointText.Of(client) : null,
        connection.Report.Upstream,
        ConnectionNames.Of(connection.Report.Phase),
        connection.Report.Attempts,
        connection.Report.Duration.TotalSeconds,
        connection.Report.BytesToUpstream,
        connection.Report.BytesToClient,
        connection.BytesPerSecond);
}
