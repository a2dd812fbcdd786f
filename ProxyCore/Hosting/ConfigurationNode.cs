namespace ProxyCore.Hosting;

/// <summary>
/// One place in a configuration: a value, or what has keys below it. The sections of a host's configuration and a JSON
/// file are both read as trees of these.
/// </summary>
internal abstract class ConfigurationNode
{
    /// <summary>The last part of the path, as it is written.</summary>
    internal abstract string Key { get; }

    /// <summary>Where it is, below the section of the proxy.</summary>
    internal abstract string Path { get; }

    internal abstract ConfigurationNodeKind Kind { get; }

    /// <summary>The value; null if there is none.</summary>
    internal abstract string? Value { get; }

    /// <summary>The keys of an object or the items of a list.</summary>
    internal abstract IReadOnlyList<ConfigurationNode> Children { get; }

    /// <summary>Whether one source has a value here and another one keys below, as far as that can be known cheaply.</summary>
    internal virtual bool HasKeysBesideValue => false;

    /// <summary>What it is, for a message that says what it should be.</summary>
    internal string Description => Kind switch
    {
        ConfigurationNodeKind.Null => "null",
        ConfigurationNodeKind.NullOrEmpty => "null or {}",
        ConfigurationNodeKind.Object => "an object",
        ConfigurationNodeKind.List => "a list",
        ConfigurationNodeKind.Keys => "keys below it",
        _ => $"'{Diagnostics.Printable.Shorten(Value ?? "")}'",
    };
}
