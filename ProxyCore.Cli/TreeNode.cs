using System.Globalization;
using ProxyCore.Hosting;

namespace ProxyCore.Cli;

/// <summary>One place in a configuration file, with what lies above it.</summary>
internal sealed class TreeNode : ConfigurationNode
{
    // A longer list of keys gets an index: an object with all keys that fit into a file is read in a moment.
    private const int MostUnindexed = 16;

    private readonly TreeNode? _parent;
    private readonly string? _name;
    private readonly int _number;
    private readonly List<TreeNode> _children = [];
    private Dictionary<string, TreeNode>? _byKey;
    private ConfigurationNodeKind _kind = ConfigurationNodeKind.Keys;
    private string? _value;

    /// <param name="parent">What it is in; null for the section as a whole.</param>
    /// <param name="name">Its key.</param>
    internal TreeNode(TreeNode? parent, string name)
    {
        _parent = parent;
        _name = name;
    }

    /// <param name="list">What it is in.</param>
    /// <param name="number">Its place there.</param>
    internal TreeNode(TreeNode list, int number)
    {
        _parent = list;
        _number = number;
    }

    internal override string Key => _name ?? _number.ToString(CultureInfo.InvariantCulture);

    internal override string Path => _parent is { _parent: not null } ? $"{_parent.Path}:{Key}" : Key;

    internal override ConfigurationNodeKind Kind => _kind;

    internal override string? Value => _value;

    internal override IReadOnlyList<ConfigurationNode> Children => _children;

    internal override bool HasKeysBesideValue => _value is not null && _children.Count > 0;

    /// <summary>Sets what it is, with nothing below it so far.</summary>
    internal void Set(ConfigurationNodeKind kind, string? value = null)
    {
        _kind = kind;
        _value = value;
        _children.Clear();
        _byKey = null;
    }

    internal void Add(TreeNode child)
    {
        _children.Add(child);
        _byKey?.TryAdd(child.Key, child);
    }

    /// <summary>Takes the node with a key out; null if there is none.</summary>
    internal TreeNode? TryTake(string key)
    {
        if (Find(key) is not { } found)
        {
            return null;
        }

        _children.Remove(found);
        _byKey = null;
        return found;
    }

    /// <summary>The node with a key, in any case; null if there is none.</summary>
    internal TreeNode? Find(string key)
    {
        if (_children.Count <= MostUnindexed)
        {
            return _children.Find(child => child.Key.Equals(key, StringComparison.OrdinalIgnoreCase));
        }

        if (_byKey is null)
        {
            _byKey = new Dictionary<string, TreeNode>(_children.Count, StringComparer.OrdinalIgnoreCase);
            _children.ForEach(child => _byKey.TryAdd(child.Key, child));
        }

        return _byKey.GetValueOrDefault(key);
    }

    /// <summary>The node with a key, new if there is none yet.</summary>
    internal TreeNode FindOrAdd(string key)
    {
        if (Find(key) is { } found)
        {
            return found;
        }

        if (_kind == ConfigurationNodeKind.Null)
        {
            _kind = ConfigurationNodeKind.Keys;
        }

        var added = new TreeNode(this, key);
        Add(added);
        return added;
    }
}
