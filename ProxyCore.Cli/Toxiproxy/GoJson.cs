using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>
/// Reads JSON as Go's <c>encoding/json</c> does, which clients of toxiproxy rely on: only the first value of the text counts,
/// keys match in any case, unknown ones are ignored, null leaves the default. Errors of type have Go's words.
/// </summary>
internal static class GoJson
{
    /// <summary>The first value of a text; what follows is ignored.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    internal static JsonElement ReadFirst(ReadOnlySpan<byte> text)
    {
        // Go reads bytes that are not UTF-8 as U+FFFD.
        ReadOnlySpan<byte> json = Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
        if (json.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw ApiException.BadBody("EOF");
        }

        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            return JsonElement.TryParseValue(ref reader, out JsonElement? value) ? value.Value : ReadToEnd(json);
        }
        catch (JsonException exception)
        {
            throw ApiException.BadBody(
                $"invalid character at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
        }
    }

    /// <summary>The members of an object, in order; none of null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="place">What Go calls the place it is for, for the error.</param>
    /// <exception cref="ApiException">It is something else.</exception>
    internal static IEnumerable<JsonProperty> Members(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject(),
        JsonValueKind.Null => [],
        _ => throw Mismatch(value, place),
    };

    /// <summary>The items of an array; none of null.</summary>
    /// <inheritdoc cref="Members"/>
    internal static IEnumerable<JsonElement> Items(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray(),
        JsonValueKind.Null => [],
        _ => throw Mismatch(value, place),
    };

    internal static string Text(JsonElement value, string field, string fallback)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return fallback;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw Mismatch(value, $"Go struct field {field} of type string");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadBody($"{field} has half of a surrogate pair");
        }
    }

    internal static bool? Flag(JsonElement value, string field, bool? fallback) => value.ValueKind switch
    {
        JsonValueKind.Null => fallback,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Mismatch(value, $"Go struct field {field} of type bool"),
    };

    internal static float Number(JsonElement value, string field, float fallback) => value.ValueKind switch
    {
        JsonValueKind.Null => fallback,
        JsonValueKind.Number when value.TryGetSingle(out float number) && float.IsFinite(number) => number,
        _ => throw Mismatch(value, $"Go struct field {field} of type float32", showNumber: true),
    };

    /// <param name="value">The value.</param>
    /// <param name="field">The field, for the error.</param>
    /// <param name="type">Go's type of the field: <c>int64</c>, or <c>int</c>, which is as long.</param>
    /// <param name="fallback">What null stands for.</param>
    internal static long Whole(JsonElement value, string field, string type, long fallback) => value.ValueKind switch
    {
        JsonValueKind.Null => fallback,
        JsonValueKind.Number when long.TryParse(value.GetRawText(), out long number) => number,
        _ => throw Mismatch(value, $"Go struct field {field} of type {type}", showNumber: true),
    };

    internal static bool Is(this JsonProperty member, string key) => member.Name.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static JsonElement ReadToEnd(ReadOnlySpan<byte> json)
    {
        try
        {
            // A number at the end of the text is complete only when it is known that nothing follows.
            var reader = new Utf8JsonReader(json);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            throw ApiException.BadBody("unexpected EOF");
        }
    }

    private static ApiException Mismatch(JsonElement value, string place, bool showNumber = false)
    {
        string kind = value.ValueKind switch
        {
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            JsonValueKind.String => "string",
            JsonValueKind.Number => showNumber ? $"number {value.GetRawText()}" : "number",
            _ => "bool",
        };
        return ApiException.BadBody($"json: cannot unmarshal {kind} into {place}");
    }
}
