using System.Text;

namespace ProxyCore.Bench.Reporting;

/// <summary>A table in Markdown, which is readable on a terminal too.</summary>
internal static class Table
{
    /// <param name="titles">The first one is of what the rows are called; then come figures.</param>
    /// <param name="rows">What stands below.</param>
    /// <param name="texts">How many of the last columns are texts and no figures.</param>
    internal static string Render(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows, int texts = 0)
    {
        IReadOnlyList<string>[] all = [titles, .. rows];
        int[] widths = [.. titles.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length)))];
        var text = new StringBuilder();
        Append(titles, fill: ' ');
        Append([.. widths.Select((width, column) => IsFigure(column) ? new string('-', width - 1) + ":" : new string('-', width))], fill: '-');
        foreach (IReadOnlyList<string> row in all.Skip(1))
        {
            Append(row, fill: ' ');
        }

        return text.ToString();

        bool IsFigure(int column) => column > 0 && column < titles.Count - texts;

        void Append(IReadOnlyList<string> row, char fill)
        {
            for (int column = 0; column < row.Count; column++)
            {
                string cell = IsFigure(column) ? row[column].PadLeft(widths[column], fill) : row[column].PadRight(widths[column], fill);
                text.Append("| ").Append(cell).Append(' ');
            }

            text.AppendLine("|");
        }
    }
}
