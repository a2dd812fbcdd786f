using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Upstreams;

/// <summary>A server that a source has found, checked. Immutable; equal to another one with the same contents.</summary>
/// <param name="Endpoint">Where it is: a name or an address, with its port.</param>
/// <param name="Addresses">The addresses of its name; null when it is to be looked up, or is an address itself.</param>
/// <param name="Weight">Its share, on the scale of the pool: at least 1.</param>
/// <param name="PriorityGroup">Its place among the priorities of all that were found; 0 comes first.</param>
internal sealed record FoundServer(ProxyEndpoint Endpoint, ValueList<IPAddress>? Addresses, int Weight, int PriorityGroup)
{
    /// <summary>Its name in logs, and within the pool.</summary>
    internal string Name => Endpoint.ToString();
}
