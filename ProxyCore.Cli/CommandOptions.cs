using ProxyCore.Cli.Discovery;
using ProxyCore.Cli.Shared;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>What a configuration file has for the command, beside the keys of the library.</summary>
internal sealed class CommandOptions
{
    /// <summary>The keys, which stand beside those of the proxy.</summary>
    internal static IReadOnlyList<ConfigurationKey<CommandOptions>> Keys { get; } =
    [
        new ObjectKey<CommandOptions, DnsOptions>("Dns", "How upstreams srv:NAME are looked up.",
            DnsKeys.All, static o => o.Dns, static (o, v) => o.Dns = v),
        new ObjectKey<CommandOptions, SharedOptions>("Shared", "Where denied clients and what is set of upstreams by hand are kept in common with other proxies; without it, nowhere.",
            SharedKeys.All, static o => o.Shared, static (o, v) => o.Shared = v),
    ];

    /// <summary>How <c>srv:</c> upstreams are looked up.</summary>
    internal DnsOptions Dns { get; private set; } = new();

    /// <summary>Where what is set by hand is kept in common with other proxies; null for nowhere.</summary>
    internal SharedOptions? Shared { get; private set; }

    /// <summary>Takes the keys of the command out of a section, so that those of the library are left.</summary>
    /// <param name="section">The section of the proxy.</param>
    /// <param name="errors">What is wrong is added here.</param>
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
