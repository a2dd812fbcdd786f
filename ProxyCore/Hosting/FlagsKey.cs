using System.Text.Json;

namespace ProxyCore.Hosting;

/// <summary>A key with a list of names, which together are one value of an enumeration of flags.</summary>
/// <param name="name">The key.</param>
/// <param name="description">What it is for.</param>
/// <param name="kind">The kind of each name.</param>
/// <param name="has">Whether the options have one.</param>
/// <param name="add">Adds one to the options.</param>
internal sealed class FlagsKey<T, TFlags>(
    string name, string description, ValueKind<TFlags> kind, Func<T, TFlags, bool> has, Action<T, TFlags> add)
    : ConfigurationKey<T>(name, description)
{
    internal override string Kind => kind.Name;

    internal override IReadOnlyList<string>? Choices => kind.Choices;

    internal override bool IsList => true;

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader)
    {
        foreach ((_, ConfigurationNode item) in reader.ReadItems(node))
        {
            if (reader.TryReadValue(item, kind, mayBeNull: false, out TFlags value))
            {
                add(options, value);
            }
        }
    }

    internal override void Compare(T before, T after, OptionChanges changes) =>
        changes.CompareValues(Name, [.. NamesIn(before)], [.. NamesIn(after)]);

    internal override bool IsDefault(T options) => !NamesIn(options).Any();

    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WriteStartArray(Name);
        foreach (string one in NamesIn(options))
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
    }

    private IEnumerable<string> NamesIn(T options) => kind.Choices!.Where(one => has(options, kind.Parse(one)));
}
