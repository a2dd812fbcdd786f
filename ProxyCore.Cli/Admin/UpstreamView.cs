using System.Globalization;

namespace ProxyCore.Cli.Admin;

/// <summary>An upstream of a route.</summary>
/// <remarks>What has a default is missing in the answers of earlier versions, which <c>proxycore top</c> may ask.</remarks>
internal sealed record UpstreamView(
    string Address,
    string State,
    int Weight,
    bool IsBackup,
    int? MaxConnections,
    int Connections,
    long Connected,
    long Failed,
    string? Name = null,
    string Administration = UpstreamView.Ready,
    string? SetByHandAt = null,
    int? ConfiguredWeight = null,
    bool HasMaximumByHand = false,
    int PriorityGroup = 0,
    bool InTrouble = false,
    string? StateSince = null,
    string? Cause = null,
    string? FailingSince = null,
    int FailuresInRow = 0,
    CheckView? LastCheck = null,
    int ConnectedPerSecond = 0,
    int MostConnectedPerSecond = 0,
    long BytesToUpstream = 0,
    long BytesToClients = 0)
{
    /// <summary>The administration of an upstream that nobody has drained or disabled.</summary>
    internal const string Ready = nameof(UpstreamAdministration.Ready);

    internal static UpstreamView Of(UpstreamSnapshot upstream) => new(
        upstream.Address,
        upstream.State.ToString(),
        upstream.Weight,
        upstream.IsBackup,
        upstream.MaxConnections,
        upstream.Connections,
        upstream.Connected,
        upstream.Failed,
        upstream.Name,
        upstream.Administration.ToString(),
        TextOf(upstream.SetByHandAt),
        upstream.ConfiguredWeight,
        upstream.HasMaximumByHand,
        upstream.PriorityGroup,
        Trouble.Has(upstream),
        TextOf(upstream.StateSince),
        upstream.Cause,
        TextOf(upstream.FailingSince),
        upstream.FailuresInRow,
        CheckView.Of(upstream),
        upstream.ConnectedPerSecond,
        upstream.MostConnectedPerSecond,
        upstream.BytesToUpstream,
        upstream.BytesToClients);

    internal static string? TextOf(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString(SnapshotView.TimeFormat, CultureInfo.InvariantCulture);
}

/// <summary>The answer of <c>/api/upstreams</c>: one upstream, or the addresses of a name that count one by one.</summary>
internal sealed record UpstreamsView(string Route, IEnumerable<UpstreamView> Upstreams);
