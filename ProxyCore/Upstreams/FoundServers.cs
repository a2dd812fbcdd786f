using System.Globalization;
using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>
/// The list of a source, checked and put in order: the same servers in another order are the same list. Immutable, any thread.
/// </summary>
/// <param name="All">The servers that can be used: by priority, then by name.</param>
/// <param name="Faults">Why others can't; not more than a few.</param>
internal sealed record FoundServers(ValueList<FoundServer> All, ValueList<string> Faults)
{
    private const int MostAddresses = 64;
    private const int MostFaults = 5;
    private const int MostWeight = ushort.MaxValue;

    /// <summary>Nothing was found.</summary>
    internal static FoundServers None { get; } = new([], []);

    /// <summary>Checks a list. What comes from a network is not trusted, and a user's own source may be wrong.</summary>
    internal static FoundServers Read(IReadOnlyList<UpstreamTarget?> targets)
    {
        var faults = new List<string>();
        var servers = new Dictionary<ProxyEndpoint, UpstreamTarget>();
        foreach (UpstreamTarget? target in targets.OrderBy(static one => one?.Priority).Take(UpstreamTarget.MaxCount))
        {
            if (ReadEndpoint(target, out string fault) is { } endpoint)
            {
                // Of a server that is there twice the record with the lower priority counts.
                servers.TryAdd(endpoint, target!);
            }
            else if (faults.Count < MostFaults)
            {
                faults.Add(fault);
            }
        }

        if (targets.Count > UpstreamTarget.MaxCount)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"only {UpstreamTarget.MaxCount} of {targets.Count} are used"));
        }

        return new FoundServers(Order(servers), [.. faults]);
    }

    private static ProxyEndpoint? ReadEndpoint(UpstreamTarget? target, out string fault)
    {
        fault = "null is no server";
        if (target is null)
        {
            return null;
        }

        string host = (target.Host ?? "").TrimEnd('.').ToLowerInvariant();
        host = IPAddress.TryParse(host, out IPAddress? address) && host.Contains(':') ? $"[{address}]" : host;
        if (!ProxyEndpoint.TryParse(string.Create(CultureInfo.InvariantCulture, $"{host}:{target.Port}"), out ProxyEndpoint? endpoint, out string? cause)
            || endpoint.Kind is not (ProxyEndpointKind.Name or ProxyEndpointKind.Address or ProxyEndpointKind.Loopback))
        {
            fault = cause ?? $"'{Printable.Shorten(host)}' is no host";
            return null;
        }

        fault = endpoint.Port == 0 ? $"'{endpoint}' has port 0"
            : target.Weight is < 0 or > MostWeight ? $"'{endpoint}' has a weight that is not 0 to {MostWeight}"
            : target.Priority is < 0 or > MostWeight ? $"'{endpoint}' has a priority that is not 0 to {MostWeight}"
            : target.Addresses?.Contains(null!) == true ? $"'{endpoint}' has null among its addresses"
            : "";
        return fault.Length == 0 ? endpoint : null;
    }

    private static ValueList<FoundServer> Order(Dictionary<ProxyEndpoint, UpstreamTarget> servers)
    {
        var ordered = new List<FoundServer>(servers.Count);
        int group = 0;
        foreach (IGrouping<int, KeyValuePair<ProxyEndpoint, UpstreamTarget>> one in servers.GroupBy(static one => one.Value.Priority).OrderBy(static one => one.Key))
        {
            WeightScale scale = WeightScale.For([.. one.Select(static server => server.Value.Weight)]);
            ordered.AddRange(one.OrderBy(static server => server.Key.ToString(), StringComparer.Ordinal)
                .Select(server => Make(server.Key, server.Value, scale, group)));
            group++;
        }

        return [.. ordered];
    }

    private static FoundServer Make(ProxyEndpoint endpoint, UpstreamTarget target, WeightScale scale, int group) => new(
        endpoint,
        endpoint.Kind == ProxyEndpointKind.Name && target.Addresses is { } addresses ? [.. addresses.Take(MostAddresses)] : null,
        scale.Convert(target.Weight),
        group);
}
