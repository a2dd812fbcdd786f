using System.Text;

namespace ProxyCore.Cli.Top;

/// <summary>A part of a line. Control characters in its text, which may come from the network, are escaped.</summary>
/// <param name="text">The text.</param>
/// <param name="shade">What it stands for.</param>
internal readonly struct Piece(string text, Shade shade = Shade.Plain)
{
    internal string Text { get; } = OneLine.Escape(text);

    internal Shade Shade { get; } = shade;

    internal int Width => TextWidth.Of(Text);

    public static implicit operator Piece(string text) => new(text);

    internal Piece Cut(int width) => new(TextWidth.Cut(Text, width), Shade);
}

/// <summary>A line of the screen: pieces from left to right.</summary>
internal sealed class ScreenLine(params IReadOnlyList<Piece> pieces)
{
    private const string NoShade = "\e[0m";

    internal static ScreenLine Empty { get; } = new();

    internal int Width => pieces.Sum(static piece => piece.Width);

    /// <summary>Pieces with gaps between them, on as many lines as they need at a width.</summary>
    internal static IEnumerable<ScreenLine> Wrap(IEnumerable<Piece> pieces, string gap, int width)
    {
        var line = new List<Piece>();
        foreach (Piece piece in pieces.Where(static one => one.Text.Length > 0))
        {
            if (line.Count > 0 && line.Sum(static one => one.Width) + gap.Length + piece.Width > width)
            {
                yield return new ScreenLine([.. line]);
                line.Clear();
            }

            if (line.Count > 0)
            {
                line.Add(gap);
            }

            line.Add(piece.Cut(width));
        }

        if (line.Count > 0)
        {
            yield return new ScreenLine([.. line]);
        }
    }

    /// <summary>The same line, no wider than <paramref name="width"/>.</summary>
    internal ScreenLine Cut(int width)
    {
        if (Width <= width)
        {
            return this;
        }

        var cut = new List<Piece>();
        foreach (Piece piece in pieces)
        {
            cut.Add(piece.Cut(width));
            width -= cut[^1].Width;
            if (width <= 0)
            {
                break;
            }
        }

        return new ScreenLine([.. cut]);
    }

    /// <summary>The line as a terminal obeys it.</summary>
    /// <param name="hasColours">Whether shades are shown.</param>
    internal string ToTerminal(bool hasColours)
    {
        var text = new StringBuilder();
        foreach (Piece piece in pieces)
        {
            string shade = hasColours ? CodeOf(piece.Shade) : "";
            text.Append(shade).Append(piece.Text).Append(shade.Length > 0 ? NoShade : "");
        }

        return text.ToString();
    }

    /// <summary>The line without shades, and without blanks at its end.</summary>
    public override string ToString() => ToTerminal(hasColours: false).TrimEnd(' ');

    private static string CodeOf(Shade shade) => shade switch
    {
        Shade.Faint => "\e[90m",
        Shade.Strong => "\e[1m",
        Shade.Good => "\e[32m",
        Shade.Warning => "\e[33m",
        Shade.Bad => "\e[31m",
        _ => "",
    };
}
