using System.Text.Json;

namespace ProxyCore.Hosting;

/// <summary>
/// Writes options as a configuration file would have them: what differs from the defaults. Only what has a key is written, and
/// no value that may be a secret.
/// </summary>
internal static class ConfigurationWriter
{
    /// <summary>What stands in the place of a value that may be a secret.</summary>
    internal const string LeftOut = "(left out)";

    /// <summary>Writes the options of a proxy as one object.</summary>
    internal static void Write(Utf8JsonWriter json, TcpProxyOptions options) => WriteKeys(json, ConfigurationKeys.Proxy, options);

    internal static void WriteKeys<T>(Utf8JsonWriter json, IReadOnlyList<ConfigurationKey<T>> keys, T options)
    {
        json.WriteStartObject();
        foreach (ConfigurationKey<T> key in keys.Where(key => !key.IsDefault(options)))
        {
            key.Write(json, options);
        }

        json.WriteEndObject();
    }

    /// <param name="json">Where it is written.</param>
    /// <param name="kind">The kind of the value.</param>
    /// <param name="text">The value as one would write it; null for none.</param>
    internal static void WriteValue<T>(Utf8JsonWriter json, ValueKind<T> kind, string? text)
    {
        if (text is null)
        {
            json.WriteNullValue();
        }
        else if (!kind.IsText && IsNumberOrSwitch(typeof(T)) && !HasUnit(text))
        {
            json.WriteRawValue(text);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    /// <summary>Sizes are written as 64k.</summary>
    private static bool HasUnit(string text) => char.IsAsciiDigit(text[0]) && char.IsAsciiLetter(text[^1]);

    private static bool IsNumberOrSwitch(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var one
        && (one == typeof(int) || one == typeof(long) || one == typeof(double) || one == typeof(bool));
}
