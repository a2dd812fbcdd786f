using System.Globalization;
using System.Text;

namespace ProxyCore.Cli;

/// <summary>Escapes text for one line of a terminal: line ends and control characters.</summary>
internal static class OneLine
{
    internal static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (char character in text)
        {
            _ = character switch
            {
                '\r' => escaped.Append("\\r"),
                '\n' => escaped.Append("\\n"),
                '\t' => escaped.Append("\\t"),
                _ when !IsUnsafe(character) => escaped.Append(character),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)character:X}}}"),
            };
        }

        return escaped.ToString();
    }

    // Format characters include those that reverse the direction of text.
    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
