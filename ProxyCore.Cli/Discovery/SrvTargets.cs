using System.Net;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>What is in force for one name. Immutable.</summary>
/// <param name="Targets">The servers; none when the service is withdrawn, or was missing for too long.</param>
/// <param name="Addresses">The addresses of their hosts that are known.</param>
/// <param name="Until">When the DNS is asked again, in the time of <see cref="SrvName.Now"/>.</param>
internal sealed record SrvTargets(
    IReadOnlyList<UpstreamTarget> Targets, IReadOnlyDictionary<string, ValueList<IPAddress>> Addresses, TimeSpan Until);
