using System.Globalization;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>
/// Reads options from configuration, without reflection; every error is reported, with its path in the configuration.
/// </summary>
internal sealed class ConfigurationReader
{
    private readonly ValidationErrors _errors;

    internal ConfigurationReader(ValidationErrors errors) => _errors = errors;

    /// <summary>Reads the keys of a proxy. The options are checked as a whole later: others may have a part in them.</summary>
    /// <param name="section">What they stand in.</param>
    /// <param name="options">What they set.</param>
    /// <param name="errors">What is known to be wrong with the configuration; more is added.</param>
    internal static void ReadKeys(ConfigurationNode section, TcpProxyOptions options, ValidationErrors errors)
    {
        var reader = new ConfigurationReader(errors);

        // A host has a value here if it takes all environment variables, and one is called like the section.
        bool isMissing = section.Kind == ConfigurationNodeKind.NullOrEmpty;
        bool hasKeys = section.Kind == ConfigurationNodeKind.Value && section.Children.Count > 0;
        if (isMissing || hasKeys || reader.IsObject(section))
        {
            reader.ReadKeys(section, options, ConfigurationKeys.Proxy);
        }
    }

    /// <summary>Reads one toxic, written as in the list of a route. It is checked when it is added.</summary>
    /// <param name="node">What it stands in.</param>
    /// <param name="errors">What is wrong with it is added here.</param>
    internal static Toxic? ReadToxic(ConfigurationNode node, ValidationErrors errors) =>
        ToxicKeys.OfRoute.ReadItem(node, new ConfigurationReader(errors));

    /// <summary>Whether there is an object; false too when there is none, or something else, which is an error.</summary>
    /// <param name="node">Where.</param>
    /// <param name="mayBeNull">Whether null stands for no object.</param>
    internal bool IsObject(ConfigurationNode node, bool mayBeNull = false)
    {
        switch (node.Kind)
        {
            case ConfigurationNodeKind.Object or ConfigurationNodeKind.Keys:
                return true;
            case ConfigurationNodeKind.Null when mayBeNull:
                break;
            case ConfigurationNodeKind.Null:
                Refuse(node, "must not be null");
                break;
            case ConfigurationNodeKind.NullOrEmpty:
                Refuse(node, "is null or {}, which look the same here: leave it out, or give it a key");
                break;
            case ConfigurationNodeKind.List:
                Refuse(node, "must have keys below it, not a list");
                break;
            default:
                Refuse(node, $"must have keys below it, not the value {node.Description}");
                break;
        }

        return false;
    }

    internal void ReadKeys<T>(ConfigurationNode node, T options, IReadOnlyList<ConfigurationKey<T>> keys)
    {
        foreach (ConfigurationNode child in node.Children)
        {
            ConfigurationKey<T>? key = keys.FirstOrDefault(key => key.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (key is null)
            {
                Refuse(child, "unknown key" + Suggestion(child.Key, keys.Select(static one => one.Name)));
            }
            else
            {
                key.Read(child, options, this);
            }
        }
    }

    /// <summary>Reads the objects of a list, in order.</summary>
    /// <param name="node">Where.</param>
    /// <param name="items">What they are added to.</param>
    /// <param name="read">Reads one; null when it is wrong, which is reported.</param>
    internal void ReadObjects<TItem>(ConfigurationNode node, IList<TItem> items, Func<ConfigurationNode, TItem?> read)
        where TItem : class
    {
        foreach ((int number, ConfigurationNode item) in ReadItems(node))
        {
            if (read(item) is not { } value)
            {
                continue;
            }

            if (number != items.Count)
            {
                SetPath(value, item);
            }

            items.Add(value);
        }
    }

    /// <summary>The items of a list, in order, with their numbers.</summary>
    /// <param name="node">Where.</param>
    /// <param name="nameForList">The name that may be written in the place of the list; null if there is none.</param>
    internal IEnumerable<(int Number, ConfigurationNode Item)> ReadItems(ConfigurationNode node, string? nameForList = null)
    {
        switch (node.Kind)
        {
            case ConfigurationNodeKind.List or ConfigurationNodeKind.Keys:
                return ReadNumbers(node).OrderBy(static one => one.Number);
            case ConfigurationNodeKind.Value when node.Value is "":
                // An empty list in the configuration of a host.
                return [];
            default:
                Refuse(node, $"must be a list{(nameForList is null ? "" : $" or {nameForList}")}, not {node.Description}");
                return [];
        }
    }

    /// <summary>Reads a value; false when there is none, or a wrong one.</summary>
    /// <param name="node">Where.</param>
    /// <param name="kind">What it is to be.</param>
    /// <param name="mayBeNull">Whether null stands for no value.</param>
    /// <param name="value">The value.</param>
    internal bool TryReadValue<TValue>(ConfigurationNode node, ValueKind<TValue> kind, bool mayBeNull, out TValue value)
    {
        value = default!;
        switch (node.Kind)
        {
            case ConfigurationNodeKind.Null or ConfigurationNodeKind.NullOrEmpty when mayBeNull:
                return false;
            case ConfigurationNodeKind.Null or ConfigurationNodeKind.NullOrEmpty:
                Refuse(node, $"must not be {node.Description}");
                return false;
            case ConfigurationNodeKind.Object or ConfigurationNodeKind.List or ConfigurationNodeKind.Keys:
                Refuse(node, "must be one value, not a list or an object");
                return false;
            case ConfigurationNodeKind.Number or ConfigurationNodeKind.Switch when kind.IsText:
                Refuse(node, $"must be a text: write \"{Printable.Shorten(node.Value!)}\"");
                return false;
            default:
                return TryParse(node, kind, out value);
        }
    }

    /// <summary>Says where <paramref name="item"/> stands, if not where its place in the list of options says.</summary>
    internal void SetPath(object item, ConfigurationNode node) => _errors.SetPath(item, PathOf(node));

    /// <summary>The same for a value of a list, which is known by the list and its index there.</summary>
    internal void SetPath(object list, int index, ConfigurationNode node) => _errors.SetPath(list, index, PathOf(node));

    internal void Refuse(ConfigurationNode node, string cause) => _errors.Refuse(PathOf(node), cause);

    /// <summary>Reports a name that is none of those that there are.</summary>
    internal void RefuseName(ConfigurationNode node, string name, string cause, IEnumerable<string> names) =>
        Refuse(node, $"'{Printable.Shorten(name)}' {cause}{Suggestion(name, names)}");

    private static string PathOf(ConfigurationNode node) => Printable.Shorten(node.Path);

    private string Suggestion(string key, IEnumerable<string> names) =>
        !_errors.IsFull && EditDistance.TryFindNearest(key, names, out string? name) ? $"; did you mean {name}?" : "";

    /// <summary>Numbers as a list has them: without zeros ahead, so that none can be written in two ways.</summary>
    private static bool IsNumber(string key, out int number) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out number) && (key[0] != '0' || key.Length == 1);

    private IEnumerable<(int Number, ConfigurationNode Item)> ReadNumbers(ConfigurationNode node)
    {
        foreach (ConfigurationNode item in node.Children)
        {
            if (IsNumber(item.Key, out int number))
            {
                yield return (number, item);
            }
            else
            {
                Refuse(item, "must be a list: the key is no number");
            }
        }
    }

    private bool TryParse<TValue>(ConfigurationNode node, ValueKind<TValue> kind, out TValue value)
    {
        value = default!;
        if (node.HasKeysBesideValue)
        {
            Refuse(node, "must be one value, not a list or an object");
            return false;
        }

        try
        {
            value = kind.Parse(node.Value!);
            return true;
        }
        catch (FormatException exception)
        {
            Refuse(node, Printable.Shorten(exception.Message));
            return false;
        }
    }
}
