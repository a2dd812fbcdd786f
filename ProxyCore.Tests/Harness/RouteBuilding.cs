using System.Net;

namespace ProxyCore.Tests.Harness;

/// <summary>What tests say of a route besides its first upstream.</summary>
internal static class RouteBuilding
{
    /// <summary>Adds upstreams.</summary>
    internal static void Add(this RouteOptions route, params EndPoint[] upstreams) =>
        Array.ForEach(upstreams, upstream => route.Upstreams.Add(new UpstreamOptions { Address = upstream.ToString()! }));

    /// <summary>Adds an upstream that is a backup.</summary>
    internal static void AddBackup(this RouteOptions route, EndPoint upstream) =>
        route.Upstreams.Add(new UpstreamOptions { Address = upstream.ToString()!, Backup = true });
}
