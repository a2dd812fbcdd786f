namespace ProxyCore.Cli.Shared;

/// <summary>The kinds of stores that there are.</summary>
internal sealed class SharedOptions
{
    /// <summary>The store in Redis.</summary>
    internal RedisOptions? Redis { get; set; }
}

/// <summary>How Redis is reached.</summary>
internal sealed class RedisOptions
{
    /// <summary>The servers; at least one.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>The user of Redis's access lists; null for its default user.</summary>
    public string? User { get; set; }

    /// <summary>The file whose first line is the password; null for the variable, or none.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Whether TLS is spoken.</summary>
    public bool Tls { get; set; }

    /// <summary>The file with the certificates that may have issued the server's; null for those that the system trusts.</summary>
    public string? Ca { get; set; }

    /// <summary>What the names of all keys and of the channel begin with.</summary>
    public string KeyPrefix { get; set; } = "proxycore:";
}
