using System.Text.Json;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>What a configuration says under one key, as far as a schema has to know.</summary>
/// <param name="name">The key: the name of the property that it sets.</param>
/// <param name="description">What it is for.</param>
internal abstract class ConfigurationKey(string name, string description)
{
    internal string Name => name;

    internal string Description => description;

    /// <summary>The kind of the value, or of each item of a list; null for objects.</summary>
    internal virtual string? Kind => null;

    /// <summary>What the value may be, if not all of its kind.</summary>
    internal virtual Limits? Limits => null;

    /// <summary>The names that are allowed, of a value that is one of several.</summary>
    internal virtual IReadOnlyList<string>? Choices => null;

    /// <summary>The default as one would write it; null when there is none.</summary>
    internal virtual string? Default => null;

    internal virtual bool IsList => false;

    /// <summary>The kind of the value that stands for an object with only one key; null if there is none.</summary>
    internal virtual string? ShortKind => null;

    /// <summary>The name that may be written in the place of the whole list; null if there is none.</summary>
    internal virtual string? NameForList => null;

    /// <summary>Whether the value may be a secret, which is shown to nobody.</summary>
    internal bool IsSecret { get; init; }

    /// <summary>Whether null may be written, for the same as nothing: where nothing is the default.</summary>
    internal virtual bool MayBeNull => false;

    /// <summary>The keys below it, of an object or of each object of a list.</summary>
    internal virtual IReadOnlyList<ConfigurationKey> Below => [];

    /// <summary>The types of the objects of a list, where each object names its type.</summary>
    internal virtual IReadOnlyList<ConfigurationVariant> Variants => [];
}

/// <summary>The same, with how to read it into <typeparamref name="T"/>, to compare it, and to write it from there.</summary>
internal abstract class ConfigurationKey<T>(string name, string description) : ConfigurationKey(name, description)
{
    internal abstract void Read(ConfigurationNode node, T options, ConfigurationReader reader);

    /// <summary>Adds what differs under this key.</summary>
    internal abstract void Compare(T before, T after, OptionChanges changes);

    /// <summary>Whether the options have what they would have without the key.</summary>
    internal abstract bool IsDefault(T options);

    /// <summary>Writes it as a file would have it.</summary>
    internal abstract void Write(Utf8JsonWriter json, T options);
}

/// <summary>A key with one value.</summary>
internal sealed class ValueKey<T, TValue>(
    string name, string description, ValueKind<TValue> kind, Func<T, TValue> get, Action<T, TValue> set)
    : ConfigurationKey<T>(name, description)
    where T : new()
{
    internal override string Kind => kind.Name;

    internal override Limits? Limits => kind.Limits;

    internal override IReadOnlyList<string>? Choices => kind.Choices;

    internal override string? Default => kind.Format(get(new T()));

    internal override bool MayBeNull { get; } = get(new T()) is null;

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader)
    {
        if (reader.TryReadValue(node, kind, MayBeNull, out TValue value))
        {
            set(options, value);
        }
    }

    internal override void Compare(T before, T after, OptionChanges changes)
    {
        (TValue was, TValue now) = (get(before), get(after));
        if (EqualityComparer<TValue>.Default.Equals(was, now))
        {
            return;
        }

        if (IsSecret)
        {
            changes.AddUnshown(Name);
        }
        else
        {
            changes.AddValue(Name, kind.Format(was), kind.Format(now));
        }
    }

    internal override bool IsDefault(T options) => kind.Format(get(options)) == Default;

    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WritePropertyName(Name);
        if (IsSecret)
        {
            json.WriteStringValue(ConfigurationWriter.LeftOut);
        }
        else
        {
            ConfigurationWriter.WriteValue(json, kind, kind.Format(get(options)));
        }
    }
}

/// <summary>A key with an object.</summary>
internal sealed class ObjectKey<T, TBelow>(
    string name, string description, IReadOnlyList<ConfigurationKey<TBelow>> below, Func<T, TBelow?> get, Action<T, TBelow> set)
    : ConfigurationKey<T>(name, description)
    where T : new()
    where TBelow : class, new()
{
    internal override IReadOnlyList<ConfigurationKey> Below => below;

    internal override bool MayBeNull { get; } = get(new T()) is null;

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader)
    {
        if (reader.IsObject(node, MayBeNull))
        {
            var value = new TBelow();
            reader.ReadKeys(node, value, below);
            set(options, value);
        }
    }

    internal override void Compare(T before, T after, OptionChanges changes)
    {
        switch (get(before), get(after))
        {
            case (null, not null):
                changes.AddItem(Name, isAdded: true);
                break;
            case (not null, null):
                changes.AddItem(Name, isAdded: false);
                break;
            case ({ } was, { } now):
                changes.CompareWithin($"{Name}:", below, was, now);
                break;
        }
    }

    internal override bool IsDefault(T options) =>
        get(options) is { } value ? !MayBeNull && below.All(key => key.IsDefault(value)) : MayBeNull;

    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WritePropertyName(Name);
        if (get(options) is { } value)
        {
            ConfigurationWriter.WriteKeys(json, below, value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}

/// <summary>A key with a list of objects.</summary>
/// <param name="name">The key.</param>
/// <param name="description">What it is for.</param>
/// <param name="below">The keys of each object.</param>
/// <param name="list">Where objects are added.</param>
/// <param name="nameOf">What tells the objects apart, as in <c>upstream 10.0.0.1:80</c>.</param>
/// <param name="shortForm">A value that may be written instead of an object; null if there is none.</param>
internal sealed class ObjectsKey<T, TItem>(
    string name,
    string description,
    IReadOnlyList<ConfigurationKey<TItem>> below,
    Func<T, IList<TItem>> list,
    Func<TItem, string> nameOf,
    ValueKind<TItem>? shortForm = null)
    : ConfigurationKey<T>(name, description)
    where TItem : class, new()
{
    internal override bool IsList => true;

    internal override string? ShortKind => shortForm?.Name;

    internal override IReadOnlyList<ConfigurationKey> Below => below;

    internal override void Read(ConfigurationNode node, T options, ConfigurationReader reader) =>
        reader.ReadObjects(node, list(options), item => ReadItem(item, reader));

    internal override void Compare(T before, T after, OptionChanges changes) => changes.CompareItems(
        list(before), list(after), nameOf, (name, was, now) => changes.CompareWithin($"{name} ", below, was, now));

    internal override bool IsDefault(T options) => list(options).Count == 0;

    internal override void Write(Utf8JsonWriter json, T options)
    {
        json.WriteStartArray(Name);
        foreach (TItem item in list(options))
        {
            ConfigurationWriter.WriteKeys(json, below, item);
        }

        json.WriteEndArray();
    }

    private TItem? ReadItem(ConfigurationNode node, ConfigurationReader reader)
    {
        if (shortForm is not null && node.Value is not null)
        {
            return ReadShortForm(node, shortForm, reader);
        }

        if (!reader.IsObject(node))
        {
            return null;
        }

        var value = new TItem();
        reader.ReadKeys(node, value, below);
        return value;
    }

    /// <summary>A value, and keys below it if a source that lies above has some: those win.</summary>
    private TItem? ReadShortForm(ConfigurationNode node, ValueKind<TItem> kind, ConfigurationReader reader)
    {
        TItem value = kind.Parse(node.Value!);
        reader.ReadKeys(node, value, below);
        return value;
    }
}
