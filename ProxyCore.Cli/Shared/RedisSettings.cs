using ProxyCore.Settings;

namespace ProxyCore.Cli.Shared;

/// <summary>How Redis is reached, once that is checked: immutable.</summary>
/// <param name="Endpoints">The servers; at least one.</param>
/// <param name="User">The user; null for the default one.</param>
/// <param name="PasswordFile">The file with the password; null for the variable, or none.</param>
/// <param name="Tls">Whether TLS is spoken.</param>
/// <param name="Ca">The file with the certificate that has issued the server's; null for those that the system trusts.</param>
/// <param name="KeyPrefix">What all names begin with.</param>
internal sealed record RedisSettings(ValueList<ProxyEndpoint> Endpoints, string? User, string? PasswordFile, bool Tls, string? Ca, string KeyPrefix)
{
    private const string Path = $"{nameof(CommandOptions.Shared)}:{nameof(SharedOptions.Redis)}";
    private const int MostPrefixCharacters = 200;

    /// <summary>Checks the options; null when there are none, or something is wrong with them.</summary>
    /// <param name="options">The options; null for none.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static RedisSettings? Read(SharedOptions? options, ValidationErrors errors)
    {
        if (options is null)
        {
            return null;
        }

        if (options.Redis is not { } redis)
        {
            errors.Require(false, Path, "is needed: where is it to be shared?");
            return null;
        }

        ValueList<ProxyEndpoint> endpoints = ReadEndpoints(redis.Endpoints, errors);
        const string Ca = $"{Path}:{nameof(RedisOptions.Ca)}";
        errors.Require(redis.Ca is null || redis.Tls, Ca, $"has no meaning without {nameof(RedisOptions.Tls)}");
        errors.Require(
            redis.KeyPrefix.Length is > 0 and <= MostPrefixCharacters && redis.KeyPrefix.All(static one => one is > ' ' and <= '~' and not ('{' or '}')),
            $"{Path}:{nameof(RedisOptions.KeyPrefix)}",
            $"must be 1 to {MostPrefixCharacters} letters, digits and signs of ASCII, without braces");
        return new RedisSettings(
            endpoints,
            redis.User,
            redis.PasswordFile is { } file ? errors.ReadFile(file, $"{Path}:{nameof(RedisOptions.PasswordFile)}") : null,
            redis.Tls,
            redis.Ca is { } ca ? errors.ReadFile(ca, Ca) : null,
            redis.KeyPrefix);
    }

    /// <summary>Finds what can't be used of the files that it names.</summary>
    /// <param name="errors">What can't be used is added here.</param>
    internal void CheckFiles(ValidationErrors errors)
    {
        errors.Require(Ca is null || File.Exists(Ca), $"{Path}:{nameof(RedisOptions.Ca)}", $"{Ca} does not exist");
        try
        {
            _ = RedisPassword.Read(PasswordFile);
        }
        catch (FormatException exception)
        {
            errors.Require(false, $"{Path}:{nameof(RedisOptions.PasswordFile)}", exception.Message);
        }
    }

    private static ValueList<ProxyEndpoint> ReadEndpoints(IList<string> texts, ValidationErrors errors)
    {
        const string List = $"{Path}:{nameof(RedisOptions.Endpoints)}";
        errors.Require(texts.Count > 0 || errors.IsRefusedBelow(List), List, "at least one server is needed");
        var endpoints = new List<ProxyEndpoint>(texts.Count);
        for (int i = 0; i < texts.Count; i++)
        {
            string path = errors.PathOf(texts, i, List);
            if (!ProxyEndpoint.TryParse(texts[i], out ProxyEndpoint? endpoint, out string? cause))
            {
                errors.Require(false, path, cause);
            }
            else if (errors.Require(
                endpoint.Kind == ProxyEndpointKind.UnixSocket || (endpoint.Kind != ProxyEndpointKind.Any && endpoint.Port > 0),
                path,
                $"'{endpoint}' is nothing to connect to: write HOST:PORT, as in redis.example:6379, or unix:/path"))
            {
                endpoints.Add(endpoint);
            }
        }

        return [.. endpoints];
    }
}
