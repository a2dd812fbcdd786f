using System.Globalization;
using System.Text;

namespace ProxyCore.Diagnostics;

/// <summary>What comes from outside as text that is safe in a log: bounded, on one line, nothing a terminal obeys.</summary>
internal static class Printable
{
    /// <summary>How many bytes are shown at most.</summary>
    internal const int MaximumBytes = 1024;

    private const int MaximumCharacters = 200;

    /// <summary>
    /// The first <see cref="MaximumBytes"/> bytes read as UTF-8. What is not a visible character (controls, bidirectional
    /// and other format marks, line separators, a lone byte) is escaped; what was cut off is counted.
    /// </summary>
    internal static string Escape(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> shown = bytes[..Math.Min(bytes.Length, MaximumBytes)];
        var text = new StringBuilder(shown.Length + 16);
        while (!shown.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf8(shown, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done;
            if (valid)
            {
                Append(text, rune);
            }
            else
            {
                AppendHex(text, shown[..consumed]);
            }

            shown = shown[consumed..];
        }

        if (bytes.Length > MaximumBytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"… ({bytes.Length - MaximumBytes} more bytes)");
        }

        return text.ToString();
    }

    /// <summary>What a user wrote, to be shown in a message: nothing a terminal obeys, not endless.</summary>
    internal static string Shorten(string text)
    {
        string cut = text.Length > MaximumCharacters ? string.Concat(text.AsSpan(0, MaximumCharacters), "…") : text;
        return string.Concat(cut.EnumerateRunes().Select(static rune => IsVisible(rune) ? rune.ToString() : "?"));
    }

    /// <summary>Whether it shows as itself, and changes nothing around it.</summary>
    internal static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '\r': text.Append("\\r"); break;
            case '\n': text.Append("\\n"); break;
            case '\t': text.Append("\\t"); break;
            case '\\': text.Append("\\\\"); break;
            case var value when IsVisible(rune): text.Append(char.ConvertFromUtf32(value)); break;
            case < 0x80: text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"); break;
            default: text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}"); break;
        }
    }

    private static void AppendHex(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
        }
    }
}
