using System.Text;

namespace ProxyCore.Bench.Reporting;

/// <summary>A table in Markdown, which is readable on a terminal too.</summary>
internal static class Table
{
    internal static string Render(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [titles, .. rows];
        int[] widths = [.. titles.Select((_, column) => Math.Max(3, all.Max(row => row[column].Length)))];
        var text = new StringBuilder();
        Append(titles, fill: ' ');
        Append([.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":")], fill: '-');
        foreach (IReadOnlyList<string> row in all.Skip(1))
        {
            Append(row, fill: ' ');
        }

        return text.ToString();

        void Append(IReadOnlyList<string> row, char fill)
        {
            for (int column = 0; column < row.Count; column++)
            {
                string cell = column == 0 ? row[column].PadRight(widths[column], fill) : row[column].PadLeft(widths[column], fill);
                text.Append("| ").Append(cell).Append(' ');
            }

            text.AppendLine("|");
        }
    }
}
