using System.Globalization;

namespace ProxyCore.Cli.Admin;

/// <summary>How the proxy stands with the state that it shares with others.</summary>
internal sealed record SharedStateView(bool IsReachable, string Since, string? Error, int Unsaved, int NotInForce)
{
    internal static SharedStateView? Of(SharedStateStatus? status) => status is null ? null : new(
        status.IsReachable,
        status.Since.UtcDateTime.ToString(SnapshotView.TimeFormat, CultureInfo.InvariantCulture),
        status.Error,
        status.Unsaved,
        status.NotInForce);
}
