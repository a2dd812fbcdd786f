using ProxyCore.Hosting;

namespace ProxyCore.Cli.Shared;

/// <summary>The keys that a configuration file may have for the command, beside those of the library.</summary>
internal static class CommandKeys
{
    private static readonly IReadOnlyList<ConfigurationKey<RedisOptions>> _redis =
    [
        new ValuesKey<RedisOptions, string>("Endpoints", "The servers, as in redis.example:6379: one, or all of a replicated server. At least one.",
            ValueKinds.UpstreamEndpoint, static o => o.Endpoints),
        new ValueKey<RedisOptions, string?>("User", "The user of Redis's access lists; without it, its default user.",
            ValueKinds.OptionalText, static o => o.User, static (o, v) => o.User = v),
        new ValueKey<RedisOptions, string?>("PasswordFile", $"The file whose first line is the password; without it, the variable {RedisPassword.Variable}, or none.",
            ValueKinds.OptionalFile, static o => o.PasswordFile, static (o, v) => o.PasswordFile = v),
        new ValueKey<RedisOptions, bool>("Tls", "Whether TLS is spoken to it; its certificate is verified.",
            ValueKinds.Switch, static o => o.Tls, static (o, v) => o.Tls = v),
        new ValueKey<RedisOptions, string?>("Ca", "The PEM file with the certificate that has issued the server's; without it, those that the system trusts.",
            ValueKinds.OptionalFile, static o => o.Ca, static (o, v) => o.Ca = v),
        new ValueKey<RedisOptions, string>("KeyPrefix", "What the names of all keys and of the channel begin with. Proxies with the same one share what is set by hand.",
            ValueKinds.Prefix, static o => o.KeyPrefix, static (o, v) => o.KeyPrefix = v),
    ];

    private static readonly IReadOnlyList<ConfigurationKey<SharedOptions>> _shared =
    [
        new ObjectKey<SharedOptions, RedisOptions>("Redis", "The server in which it is kept. Can't be changed while the proxy runs.",
            _redis, static o => o.Redis, static (o, v) => o.Redis = v),
    ];

    /// <summary>Those that stand beside the keys of the proxy.</summary>
    internal static IReadOnlyList<ConfigurationKey<CommandOptions>> All { get; } =
    [
        new ObjectKey<CommandOptions, SharedOptions>("Shared", "Where denied clients and what is set of upstreams by hand are kept in common with other proxies; without it, nowhere.",
            _shared, static o => o.Shared, static (o, v) => o.Shared = v),
    ];

    /// <summary>Takes these keys out of a section, and reads them.</summary>
    /// <param name="section">The section of the proxy.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static RedisSettings? Take(TreeNode section, Settings.ValidationErrors errors)
    {
        var options = new CommandOptions();
        var reader = new ConfigurationReader(errors);
        foreach (ConfigurationKey<CommandOptions> key in All)
        {
            if (section.TryTake(key.Name) is { } node)
            {
                key.Read(node, options, reader);
            }
        }

        return RedisSettings.Read(options.Shared, errors);
    }
}
