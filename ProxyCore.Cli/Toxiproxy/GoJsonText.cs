using System.Globalization;
using System.Text;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>Writes strings and numbers as Go's <c>encoding/json</c> does, so that answers are toxiproxy's to the byte.</summary>
internal static class GoJsonText
{
    private const char LineSeparator = '\u2028';
    private const char ParagraphSeparator = '\u2029';

    // strconv.FormatFloat changes to the form with an exponent beyond these.
    private const float SmallestPlain = 1e-6f;
    private const float LargestPlain = 1e21f;

    internal static StringBuilder AppendText(this StringBuilder json, string text)
    {
        json.Append('"');
        foreach (Rune rune in text.EnumerateRunes())
        {
            AppendRune(json, rune);
        }

        return json.Append('"');
    }

    internal static StringBuilder AppendKey(this StringBuilder json, string key) => json.AppendText(key).Append(':');

    /// <summary>Items with commas between them.</summary>
    internal static StringBuilder AppendAll<T>(this StringBuilder json, IEnumerable<T> items, Action<StringBuilder, T> append)
    {
        bool isFirst = true;
        foreach (T item in items)
        {
            if (!isFirst)
            {
                json.Append(',');
            }

            isFirst = false;
            append(json, item);
        }

        return json;
    }

    internal static StringBuilder AppendNumber(this StringBuilder json, float number)
    {
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (!shortest.Contains('E'))
        {
            return json.Append(shortest);
        }

        if (Math.Abs(number) is >= SmallestPlain and < LargestPlain)
        {
            return json.Append(decimal.Parse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        }

        // 1E-07 is Go's 1e-7, 1E+21 its 1e+21.
        return json.Append(shortest.Replace("E-0", "e-").Replace('E', 'e'));
    }

    private static void AppendRune(StringBuilder json, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                json.Append('\\').Append((char)rune.Value);
                break;
            case '\n':
                json.Append("\\n");
                break;
            case '\r':
                json.Append("\\r");
                break;
            case '\t':
                json.Append("\\t");
                break;
            case '\b':
                json.Append("\\b");
                break;
            case '\f':
                json.Append("\\f");
                break;
            case < ' ' or '<' or '>' or '&' or LineSeparator or ParagraphSeparator:
                json.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                break;
            default:
                json.Append(rune.ToString());
                break;
        }
    }
}
