namespace ProxyCore.Cli.Admin;

/// <summary>An upstream of a route.</summary>
internal sealed record UpstreamView(
    string Address, string State, int Weight, bool IsBackup, int? MaxConnections, int Connections, long Connected, long Failed)
{
    internal static UpstreamView Of(UpstreamSnapshot upstream) => new(
        upstream.Address,
        upstream.State.ToString(),
        upstream.Weight,
        upstream.IsBackup,
        upstream.MaxConnections,
        upstream.Connections,
        upstream.Connected,
        upstream.Failed);
}
