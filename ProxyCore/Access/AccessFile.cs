using System.Globalization;
using ProxyCore.Settings;

namespace ProxyCore.Access;

/// <summary>The text of a list of clients: one address or CIDR a line; <c>#</c> begins a comment, and empty lines are left out.</summary>
internal static class AccessFile
{
    /// <summary>The largest file that is read.</summary>
    internal const int MostBytes = 16 * 1024 * 1024;

    /// <summary>The most entries that a file may have.</summary>
    internal const int MostEntries = 1_000_000;

    /// <summary>Reads a text.</summary>
    /// <param name="name">The name of the file, for messages.</param>
    /// <param name="text">What it has in it.</param>
    /// <param name="set">The addresses; none when there is an error.</param>
    /// <returns>The first error, as <c>file:line: cause</c>; null if there is none.</returns>
    internal static string? Parse(string name, ReadOnlySpan<char> text, out AddressSet set)
    {
        set = AddressSet.Empty;
        var builder = new AddressSet.Builder();
        int number = 0;

        // Not EnumerateLines: it also ends a line at U+2028 and the like, which editors do not count as lines.
        foreach (Range line in text.Split('\n'))
        {
            number++;
            ReadOnlySpan<char> entry = WithoutComment(text[line]);
            if (entry.IsEmpty)
            {
                continue;
            }

            if (!AddressRange.TryParse(entry, out AddressRange range, out string? cause))
            {
                return Error(name, number, cause);
            }

            if (builder.Count == MostEntries)
            {
                return Error(name, number, string.Create(CultureInfo.InvariantCulture, $"a file may have {MostEntries:N0} entries, and this is one more"));
            }

            builder.Add(range);
        }

        set = builder.Build();
        return null;
    }

    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        int comment = line.IndexOf('#');
        return (comment < 0 ? line : line[..comment]).Trim(" \t\r");
    }

    private static string Error(string name, int line, string cause) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}:{line}: {cause}");
}
