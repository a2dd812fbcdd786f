using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Discovery;

/// <summary>What a configuration file has for the command, beside the keys of the library.</summary>
internal sealed class CommandOptions
{
    private static readonly IReadOnlyList<ConfigurationKey<DnsOptions>> _dns =
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

    /// <summary>The keys, which stand beside those of the proxy.</summary>
    internal static IReadOnlyList<ConfigurationKey<CommandOptions>> Keys { get; } =
    [
        new ObjectKey<CommandOptions, DnsOptions>("Dns", "How upstreams srv:NAME are looked up.", _dns, static o => o.Dns, static (o, v) => o.Dns = v),
    ];

    internal DnsOptions Dns { get; private set; } = new();

    /// <summary>Takes the keys of the command out of a section, so that those of the library are left.</summary>
    internal static CommandOptions Take(TreeNode section, ValidationErrors errors)
    {
        var options = new CommandOptions();
        var reader = new ConfigurationReader(errors);
        foreach (ConfigurationKey<CommandOptions> key in Keys)
        {
            if (section.TryTake(key.Name) is { } node)
            {
                key.Read(node, options, reader);
            }
        }

        return options;
    }
}
