using ProxyCore.Cli.Discovery;

namespace ProxyCore.Tests.Discovery;

/// <summary>What tests of SRV records have in common.</summary>
internal static class SrvTesting
{
    /// <summary>The default settings, without servers.</summary>
    internal static DnsSettings Settings { get; } = DnsSettings.Read(new DnsOptions(), path: "", new ProxyCore.Settings.ValidationErrors());

    /// <summary>The servers as texts, which are easily compared.</summary>
    internal static IEnumerable<string> Texts(IReadOnlyList<UpstreamTarget> targets) => targets
        .Select(static one => $"{one.Host}:{one.Port} {one.Priority} {one.Weight} {string.Join(',', one.Addresses ?? [])}")
        .Order(StringComparer.Ordinal);
}
