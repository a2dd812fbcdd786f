using System.Globalization;

namespace ProxyCore.Cli.Admin;

/// <summary>An address or a range that is denied for a time.</summary>
internal sealed record DenyView(string Address, string Since, double RemainingSeconds)
{
    internal static DenyView Of(DenyEntry entry) => new(
        entry.Address,
        entry.Since.UtcDateTime.ToString(SnapshotView.TimeFormat, CultureInfo.InvariantCulture),
        entry.Remaining.TotalSeconds);
}

/// <summary>The answer of <c>/api/deny</c>: what is denied, in the order in which it ends.</summary>
internal sealed record DeniedView(IEnumerable<DenyView> Denied);
