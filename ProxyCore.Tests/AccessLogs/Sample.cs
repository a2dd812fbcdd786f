using System.Net;
using ProxyCore.Diagnostics;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>Connections that have ended, without any having been.</summary>
internal static class Sample
{
    internal static readonly DateTimeOffset Time = new(2026, 11, 25, 3, 12, 45, 123, TimeSpan.Zero);

    internal static ConnectionReport Report(
        long id = 42, string route = "web", EndPoint? client = null, string? upstream = "10.0.0.2:5432", EndReason reason = EndReason.ClientFin) => new()
        {
            Id = id,
            Route = route,
            Client = client ?? IPEndPoint.Parse("192.0.2.7:51234"),
            Upstream = upstream,
            Attempts = 1,
            ConnectTime = TimeSpan.FromMilliseconds(0.8),
            FirstByteTime = TimeSpan.FromMilliseconds(2.1),
            Duration = TimeSpan.FromMilliseconds(1204),
            BytesToUpstream = 1234,
            BytesToClient = 56789,
            Phase = ConnectionPhase.Relaying,
            Reason = reason,
        };

    internal static EndedConnection Ended(ConnectionReport report) => new(report, Time);

    internal static EndedConnection[] Batch(int count) =>
        [.. Enumerable.Range(1, count).Select(static id => Ended(Report(id)))];
}
