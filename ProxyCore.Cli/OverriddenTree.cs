using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli;

/// <summary>Lays values over a configuration file, and knows which of its places they come from.</summary>
internal sealed class OverriddenTree(TreeNode section, ValidationErrors errors)
{
    private readonly Dictionary<string, string> _origins = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets values, in this order: of two with the same path the later one wins, if they have one origin.</summary>
    internal void Apply(IEnumerable<ConfigurationOverride> overrides)
    {
        var variables = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (ConfigurationOverride one in overrides)
        {
            Set(one);

            // Which of two variables that differ in case comes later is chance.
            if (one.IsVariable && !variables.TryAdd(one.Path, one.Origin))
            {
                errors.Require(false, one.Path, $"is set by the {variables[one.Path]}, too");
            }
        }
    }

    /// <summary>What set the place at a path, or what it is in; null for the file.</summary>
    internal string? OriginOf(string path)
    {
        for (int end = path.Length; end > 0; end = path.LastIndexOf(':', end - 1))
        {
            if (_origins.TryGetValue(path[..end], out string? origin))
            {
                return origin;
            }
        }

        return null;
    }

    private void Set(ConfigurationOverride one)
    {
        TreeNode node = section;
        for (int start = 0; start <= one.Path.Length;)
        {
            int end = one.Path.IndexOf(':', start) is >= 0 and var colon ? colon : one.Path.Length;
            string key = one.Path[start..end];
            if (node.Find(key) is null)
            {
                _origins[one.Path[..end]] = one.Origin;
            }

            node = node.FindOrAdd(key);
            start = end + 1;
        }

        _origins[one.Path] = one.Origin;
        node.Set(ConfigurationNodeKind.Value, one.Value);
    }
}
