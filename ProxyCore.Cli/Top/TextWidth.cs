using System.Globalization;
using System.Text;
using Spectre.Console;

namespace ProxyCore.Cli.Top;

/// <summary>How many columns of a terminal a text takes: two for a Chinese character, none for an accent of its own.</summary>
internal static class TextWidth
{
    private const char Ellipsis = '…';

    internal static int Of(string text) => Ascii.IsValid(text) ? text.Length : text.GetCellWidth();

    /// <summary>The text, cut to a width; an ellipsis stands for what is missing.</summary>
    internal static string Cut(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        int left = width - 1;
        TextElementEnumerator characters = StringInfo.GetTextElementEnumerator(text);
        while (characters.MoveNext() && Of(characters.GetTextElement()) is var taken && taken <= left)
        {
            cut.Append(characters.GetTextElement());
            left -= taken;
        }

        return width > 0 ? cut.Append(Ellipsis).ToString() : "";
    }
}
