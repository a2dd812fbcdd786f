using System.Text.Json;

namespace ProxyCore.Hosting;

/// <summary>One type of object in a list whose objects name their type; each type has keys of its own.</summary>
/// <param name="name">The type, as the object names it.</param>
/// <param name="description">What it is for.</param>
internal abstract class ConfigurationVariant(string name, string description)
{
    internal string Name => name;

    internal string Description => description;

    /// <summary>The keys of such an object; the first one names the type.</summary>
    internal abstract IReadOnlyList<ConfigurationKey> Keys { get; }
}

/// <summary>The same, with how to read and write it.</summary>
internal abstract class ConfigurationVariant<TItem>(string name, string description) : ConfigurationVariant(name, description)
{
    internal abstract TItem Read(ConfigurationNode node, ConfigurationReader reader);

    /// <summary>Writes an object; false when it is of another type.</summary>
    internal abstract bool TryWrite(Utf8JsonWriter json, TItem item);
}

/// <summary>The same, which makes a <typeparamref name="T"/>.</summary>
internal sealed class ConfigurationVariant<TItem, T>(
    string name, string description, string typeKey, IReadOnlyList<ConfigurationKey<T>> keys)
    : ConfigurationVariant<TItem>(name, description)
    where T : TItem, new()
{
    private readonly ConfigurationKey<T>[] _keys = [new TypeKey<T>(typeKey, name, description), .. keys];

    internal override IReadOnlyList<ConfigurationKey> Keys => _keys;

    internal override TItem Read(ConfigurationNode node, ConfigurationReader reader)
    {
        var value = new T();
        reader.ReadKeys(node, value, _keys);
        return value;
    }

    internal override bool TryWrite(Utf8JsonWriter json, TItem item)
    {
        if (item is not T value)
        {
            return false;
        }

        ConfigurationWriter.WriteKeys(json, _keys, value);
        return true;
    }
}

/// <summary>The key that names the type of an object. It is read before the others: they depend on it.</summary>
internal sealed class TypeKey<T>(string name, string type, string description) : ConfigurationKey<T>(name, description)
{
    internal override string Kind => "choice";

    internal override IReadOnlyList<string> Choices { get; } = [type];

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader)
    {
    }

    internal override void Compare(T before, T after, OptionChanges changes)
    {
    }

    internal override bool IsDefault(T options) => false;

    internal override void Write(Utf8JsonWriter json, T options) => json.WriteString(Name, type);
}

/// <summary>A key with a list of objects that name their types.</summary>
/// <param name="name">The key.</param>
/// <param name="description">What it is for.</param>
/// <param name="typeKey">The key of each object that names its type.</param>
/// <param name="variants">The types.</param>
/// <param name="list">Where objects are added.</param>
/// <param name="nameOf">What tells the objects apart.</param>
/// <param name="areEqual">Whether two mean the same.</param>
internal sealed class VariantsKey<T, TItem>(
    string name,
    string description,
    string typeKey,
    IReadOnlyList<ConfigurationVariant<TItem>> variants,
    Func<T, IList<TItem>> list,
    Func<TItem, string> nameOf,
    Func<TItem, TItem, bool> areEqual)
    : ConfigurationKey<T>(name, description)
    where TItem : class
{
    private static readonly ValueKind<string> _text = new("text", static text => text, static text => text) { IsText = true };

    internal override bool IsList => true;

    internal override IReadOnlyList<ConfigurationVariant> Variants => variants;

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader) =>
        reader.ReadObjects(node, list(options), item => ReadItem(item, reader));

    internal override void Compare(T before, T after, OptionChanges changes) => changes.CompareItems(list(before), list(after), nameOf, (name, was, now) =>
    {
        if (!areEqual(was, now))
        {
            changes.AddUnshown(name);
        }
    });

    /// <summary>Reads one object; null when there is none of a known type, which is an error.</summary>
    internal TItem? ReadItem(ConfigurationNode node, ConfigurationReader reader)
    {
        if (!reader.IsObject(node))
        {
            return null;
        }

        ConfigurationNode? type = node.Children.FirstOrDefault(one => one.Key.Equals(typeKey, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            reader.Refuse(node, $"has no {typeKey}, which must be one of {Names}");
            return null;
        }

        if (!reader.TryReadValue(type, _text, mayBeNull: false, out string text))
        {
            return null;
        }

        ConfigurationVariant<TItem>? variant = variants.FirstOrDefault(one => one.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (variant is null)
        {
            reader.RefuseName(type, text, $"is not one of {Names}", variants.Select(static one => one.Name));
        }

        return variant?.Read(node, reader);
    }

    internal override bool IsDefault(T options) => list(options).Count == 0;

    /// <summary>An object of none of the types is code of the user, and has no place in a file.</summary>
    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WriteStartArray(Name);
        foreach (TItem item in list(options))
        {
            _ = variants.Any(variant => variant.TryWrite(json, item));
        }

        json.WriteEndArray();
    }

    private string Names => string.Join(", ", variants.Select(static one => one.Name));
}
