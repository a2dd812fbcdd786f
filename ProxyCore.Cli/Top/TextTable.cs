namespace ProxyCore.Cli.Top;

/// <summary>A column of a table.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Rank">Where lines are too narrow, the columns with the highest rank are left out first, together; 0 always stays.</param>
/// <param name="Least">How narrow a column of texts may become; 0 for numbers, which stay whole and are aligned right.</param>
internal sealed record Column(string Heading, int Rank, int Least = 0)
{
    internal bool IsNumber => Least == 0;
}

/// <summary>A table of text that fits into a width: columns are left out, and long texts are cut.</summary>
internal sealed class TextTable(params IReadOnlyList<Column> columns)
{
    private const int Gap = 2;
    private const int NarrowestText = 4;

    // Columns of this rank and above are shown only where no text has to be cut for them.
    private const int FirstDispensable = 5;

    private readonly List<Piece[]> _rows = [];

    internal int Rows => _rows.Count;

    /// <summary>Adds a row, with a piece for each column.</summary>
    internal void Add(params Piece[] row) => _rows.Add(row);

    /// <summary>The heading and the rows from <paramref name="first"/> on, each a line of at most <paramref name="width"/>.</summary>
    /// <param name="width">The columns of the terminal.</param>
    /// <param name="first">The first row.</param>
    /// <param name="most">How many rows.</param>
    internal IEnumerable<ScreenLine> Lines(int width, int first = 0, int most = int.MaxValue)
    {
        // Of all rows, so that columns stay where they are while the rows are scrolled.
        int[] natural = [.. columns.Select(static (_, index) => index).Select(WidthOf)];
        List<int> shown = Choose(natural, width);
        int[] widths = Shrink(natural, shown, width);
        Piece[] headings = [.. columns.Select(static column => new Piece(column.Heading, Shade.Faint))];
        return _rows.Skip(first).Take(most).Prepend(headings).Select(row => Line(row, shown, widths).Cut(width));
    }

    private int WidthOf(int column) =>
        _rows.Select(row => row[column].Width).Append(TextWidth.Of(columns[column].Heading)).Max();

    /// <summary>The columns that fit.</summary>
    private List<int> Choose(int[] natural, int width)
    {
        List<int> shown = [.. Enumerable.Range(0, columns.Count)];
        for (int rank = columns.Max(static column => column.Rank); rank > 0; rank--)
        {
            Func<int, int> widthOf = rank >= FirstDispensable ? index => natural[index] : index => LeastOf(index, natural);
            if (Total(shown, widthOf) <= width)
            {
                break;
            }

            shown.RemoveAll(index => columns[index].Rank == rank);
        }

        return shown;
    }

    private int LeastOf(int index, int[] natural) =>
        columns[index].IsNumber ? natural[index] : Math.Min(natural[index], columns[index].Least);

    /// <summary>The widths of the columns that are shown: the widest text gives way first.</summary>
    private int[] Shrink(int[] natural, List<int> shown, int width)
    {
        int[] widths = [.. natural];
        int[] texts = [.. shown.Where(index => !columns[index].IsNumber)];
        int excess = Total(shown, index => widths[index]) - width;
        foreach (Func<int, int> floor in (Func<int, int>[])[index => LeastOf(index, natural), static _ => NarrowestText])
        {
            while (excess > 0 && texts.Any(index => widths[index] > floor(index)))
            {
                widths[texts.Where(index => widths[index] > floor(index)).MaxBy(index => widths[index])]--;
                excess--;
            }
        }

        return widths;
    }

    private static int Total(List<int> shown, Func<int, int> widthOf) => shown.Sum(widthOf) + (Gap * (shown.Count - 1));

    private ScreenLine Line(Piece[] row, List<int> shown, int[] widths)
    {
        var pieces = new List<Piece>();
        foreach (int index in shown)
        {
            Piece piece = row[index].Cut(widths[index]);
            string blanks = new(' ', widths[index] - piece.Width);
            pieces.AddRange(columns[index].IsNumber ? [blanks, piece] : [piece, blanks]);
            pieces.Add(new string(' ', Gap));
        }

        return new ScreenLine([.. pieces.SkipLast(1)]);
    }
}
