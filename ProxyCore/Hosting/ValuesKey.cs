using System.Text.Json;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>A key with a list of values, which may be empty.</summary>
/// <param name="name">The key.</param>
/// <param name="description">What it is for.</param>
/// <param name="kind">The kind of each value.</param>
/// <param name="list">Where values are added.</param>
internal sealed class ValuesKey<T, TItem>(string name, string description, ValueKind<TItem> kind, Func<T, IList<TItem>> list)
    : ConfigurationKey<T>(name, description)
{
    internal override string Kind => kind.Name;

    internal override Limits? Limits => kind.Limits;

    internal override IReadOnlyList<string>? Choices => kind.Choices;

    internal override bool IsList => true;

    internal override string? NameForList => Single?.Name;

    /// <summary>A name that may be written in the place of the list, and the item that it stands for; null if there is none.</summary>
    internal (string Name, TItem Item)? Single { get; init; }

    internal override void Compare(T before, T after, OptionChanges changes) => changes.CompareValues(
        Name, [.. list(before).Select(one => kind.Format(one) ?? "")], [.. list(after).Select(one => kind.Format(one) ?? "")]);

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader)
    {
        IList<TItem> items = list(options);
        if (Single is { } single && !node.HasKeysBesideValue && single.Name.Equals(node.Value, StringComparison.OrdinalIgnoreCase))
        {
            items.Add(single.Item);
            return;
        }

        foreach ((int number, ConfigurationNode item) in reader.ReadItems(node, NameForList))
        {
            if (!reader.TryReadValue(item, kind, mayBeNull: false, out TItem value))
            {
                continue;
            }

            if (number != items.Count)
            {
                reader.SetPath(items, items.Count, item);
            }

            items.Add(value);
        }
    }

    internal override bool IsDefault(T options) => list(options).Count == 0;

    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WriteStartArray(Name);
        foreach (TItem item in list(options))
        {
            ConfigurationWriter.WriteValue(json, kind, kind.Format(item));
        }

        json.WriteEndArray();
    }
}
