namespace ProxyCore.Cli;

/// <summary>A value that lies above that of a configuration file. Immutable.</summary>
/// <param name="Path">Its keys, as in <c>Routes:0:ConnectTimeout</c>.</param>
/// <param name="Value">The value.</param>
/// <param name="Origin">What messages call its source.</param>
internal sealed record ConfigurationOverride(string Path, string Value, string Origin)
{
    private const string Variable = "environment variable";

    // What other programs of this machine set may begin like ours: only what goes on with this is a key.
    private const string Prefix = ConfigurationFile.Section + "__";

    /// <summary>Whether it is an environment variable.</summary>
    internal bool IsVariable => Origin.StartsWith(Variable, StringComparison.Ordinal);

    /// <summary>Those of the environment, in an order that does not change from one start to the next.</summary>
    internal static IEnumerable<ConfigurationOverride> OfEnvironment() =>
        from System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        orderby name.Length, name
        select new ConfigurationOverride(
            name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal),
            (string?)variable.Value ?? "",
            $"{Variable} {name}");
}
