using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>The keys of a configuration file for the look-ups of <c>srv:</c> upstreams.</summary>
internal static class DnsKeys
{
    internal static IReadOnlyList<ConfigurationKey<DnsOptions>> All { get; } =
    [
        new ValuesKey<DnsOptions, string>("Servers", $"The servers that are asked, in this order: IP addresses, with a port if it is not 53, up to {DnsSettings.MostServers}. Those of /etc/resolv.conf, unless given.",
            ValueKinds.DnsServer, static o => o.Servers),
        new ValueKey<DnsOptions, TimeSpan>("MinTtl", "The shortest time for which an answer is used, whatever its TTL says.",
            ValueKinds.Duration.Within(DnsSettings.TtlLimits), static o => o.MinTtl, static (o, v) => o.MinTtl = v),
        new ValueKey<DnsOptions, TimeSpan>("MaxTtl", "The longest time for which an answer is used.",
            ValueKinds.Duration.Within(DnsSettings.TtlLimits), static o => o.MaxTtl, static (o, v) => o.MaxTtl = v),
        new ValueKey<DnsOptions, TimeSpan>("Timeout", "How long one server may take for an answer; then the next is asked.",
            ValueKinds.Duration.Within(OptionLimits.Timeout), static o => o.Timeout, static (o, v) => o.Timeout = v),
        new ValueKey<DnsOptions, TimeSpan>("KeepMissing", "How long what was found stays in use when the DNS says that the name is gone.",
            ValueKinds.Duration.Within(OptionLimits.TimeoutOrNone), static o => o.KeepMissing, static (o, v) => o.KeepMissing = v),
    ];
}
