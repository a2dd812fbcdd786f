using ProxyCore.Hosting;

namespace ProxyCore.Cli.Shared;

/// <summary>The keys of a configuration file for the state that several proxies share.</summary>
internal static class SharedKeys
{
    private static readonly IReadOnlyList<ConfigurationKey<RedisOptions>> _redis =
    [
        new ValuesKey<RedisOptions, string>("Endpoints", "The servers, as in redis.example:6379: one, or all of a replicated server. At least one.",
            ValueKinds.ServerEndpoint, static o => o.Endpoints),
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

    internal static IReadOnlyList<ConfigurationKey<SharedOptions>> All { get; } =
    [
        new ObjectKey<SharedOptions, RedisOptions>("Redis", "The server in which it is kept. Can't be changed while the proxy runs.",
            _redis, static o => o.Redis, static (o, v) => o.Redis = v),
    ];
}
