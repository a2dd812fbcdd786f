using System.Globalization;
using Microsoft.Extensions.Configuration;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Hosting;

/// <summary>
/// Reads options from configuration, without reflection; every mistake is told, with its path in the configuration.
/// </summary>
internal sealed class ConfigurationReader
{
    private const int LargestSlip = 2;

    private readonly string _root;
    private readonly ValidationErrors _errors;

    private ConfigurationReader(string root, ValidationErrors errors)
    {
        _root = root;
        _errors = errors;
    }

    /// <summary>Reads <paramref name="configuration"/> into <paramref name="options"/>.</summary>
    /// <returns>What is wrong with the one or the other, as a whole.</returns>
    internal static ValidationErrors Read(IConfiguration configuration, TcpProxyOptions options)
    {
        ValidationErrors errors = ReadKeys(configuration, options);
        errors.AddNew(OptionsReader.Check(options));
        return errors;
    }

    /// <summary>The same for options that others have a part in: they are to be checked as a whole later.</summary>
    /// <returns>What is wrong with the configuration.</returns>
    internal static ValidationErrors ReadKeys(IConfiguration configuration, TcpProxyOptions options)
    {
        var errors = new ValidationErrors();
        string root = configuration is IConfigurationSection section ? section.Path + ":" : "";
        new ConfigurationReader(root, errors).ReadObject(configuration, options, ConfigurationKeys.Proxy);
        return errors;
    }

    internal void ReadObject<T>(IConfiguration section, T options, IReadOnlyList<ConfigurationKey<T>> keys)
    {
        if (section is IConfigurationSection { Value: { Length: > 0 } text } itself)
        {
            _errors.Add(PathOf(itself), $"must have keys below it, not the value '{Printable.Shorten(text)}'");
            return;
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            ConfigurationKey<T>? key = keys.FirstOrDefault(key => key.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (key is null)
            {
                _errors.Add(PathOf(child), "unknown key" + Suggestion(child.Key, keys.Select(static one => one.Name)));
            }
            else
            {
                key.Read(child, options, this);
            }
        }
    }

    /// <summary>The items of a list, in order.</summary>
    internal IEnumerable<IConfigurationSection> ReadItems(IConfigurationSection section)
    {
        if (section.Value is { Length: > 0 } text)
        {
            _errors.Add(PathOf(section), $"must be a list, not '{Printable.Shorten(text)}'");
            yield break;
        }

        foreach (IConfigurationSection item in section.GetChildren())
        {
            if (int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                yield return item;
            }
            else
            {
                _errors.Add(PathOf(item), "must be a list: the key is no number");
            }
        }
    }

    /// <summary>Reads a value; false when there is none, or a wrong one.</summary>
    internal bool TryReadValue<TValue>(IConfigurationSection section, Func<string, TValue> parse, out TValue value)
    {
        value = default!;
        if (section.GetChildren().Any())
        {
            _errors.Add(PathOf(section), "must be one value, not a list or an object");
            return false;
        }

        if (section.Value is null)
        {
            return false;
        }

        try
        {
            value = parse(section.Value);
            return true;
        }
        catch (FormatException exception)
        {
            _errors.Add(PathOf(section), Printable.Shorten(exception.Message));
            return false;
        }
    }

    private static string Suggestion(string key, IEnumerable<string> names)
    {
        (string? name, int slip) = names.Select(name => (name, EditDistance.Between(key, name))).MinBy(static one => one.Item2);
        return slip <= LargestSlip ? $"; did you mean {name}?" : "";
    }

    private string PathOf(IConfigurationSection section) => Printable.Shorten(section.Path[_root.Length..]);
}
