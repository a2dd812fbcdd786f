using Microsoft.Extensions.Configuration;
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

    /// <summary>The default as one would write it; null when there is none.</summary>
    internal virtual string? Default => null;

    internal virtual bool IsList => false;

    /// <summary>The keys below it, of an object or of each object of a list.</summary>
    internal virtual IReadOnlyList<ConfigurationKey> Below => [];
}

/// <summary>The same, with how to read it into <typeparamref name="T"/>.</summary>
internal abstract class ConfigurationKey<T>(string name, string description) : ConfigurationKey(name, description)
{
    internal abstract void Read(IConfigurationSection section, T options, ConfigurationReader reader);
}

/// <summary>A key with one value.</summary>
internal sealed class ValueKey<T, TValue>(
    string name, string description, ValueKind<TValue> kind, Func<T, TValue> get, Action<T, TValue> set)
    : ConfigurationKey<T>(name, description)
    where T : new()
{
    internal override string Kind => kind.Name;

    internal override Limits? Limits => kind.Limits;

    internal override string? Default => kind.Format(get(new T()));

    internal override void Read(IConfigurationSection section, T options, ConfigurationReader reader)
    {
        if (reader.TryReadValue(section, kind.Parse, out TValue value))
        {
            set(options, value);
        }
    }
}

/// <summary>A key with a list of texts.</summary>
internal sealed class ListKey<T>(string name, string description, string kind, Func<T, IList<string>> list)
    : ConfigurationKey<T>(name, description)
{
    internal override string Kind => kind;

    internal override bool IsList => true;

    internal override void Read(IConfigurationSection section, T options, ConfigurationReader reader)
    {
        foreach (IConfigurationSection item in reader.ReadItems(section))
        {
            if (reader.TryReadValue(item, static text => text, out string text))
            {
                list(options).Add(text);
            }
        }
    }
}

/// <summary>A key with an object.</summary>
internal sealed class ObjectKey<T, TBelow>(
    string name, string description, IReadOnlyList<ConfigurationKey<TBelow>> below, Action<T, TBelow> set)
    : ConfigurationKey<T>(name, description)
    where TBelow : new()
{
    internal override IReadOnlyList<ConfigurationKey> Below => below;

    internal override void Read(IConfigurationSection section, T options, ConfigurationReader reader)
    {
        var value = new TBelow();
        reader.ReadObject(section, value, below);
        set(options, value);
    }
}

/// <summary>A key with a list of objects.</summary>
internal sealed class ObjectsKey<T, TItem>(
    string name, string description, IReadOnlyList<ConfigurationKey<TItem>> below, Func<T, IList<TItem>> list)
    : ConfigurationKey<T>(name, description)
    where TItem : new()
{
    internal override bool IsList => true;

    internal override IReadOnlyList<ConfigurationKey> Below => below;

    internal override void Read(IConfigurationSection section, T options, ConfigurationReader reader)
    {
        foreach (IConfigurationSection item in reader.ReadItems(section))
        {
            var value = new TItem();
            reader.ReadObject(item, value, below);
            list(options).Add(value);
        }
    }
}
