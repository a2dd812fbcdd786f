using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Documentation;

/// <summary>A block of code in one of the pages.</summary>
/// <param name="Place">The page and the line.</param>
/// <param name="Text">The code.</param>
/// <param name="Source">
/// The file that the code is taken from, which a comment in the line before the block names, relative to the page; null for
/// code that is in the page alone.
/// </param>
internal sealed record Snippet(string Place, string Text, string? Source)
{
    private const string SourceBegin = "<!-- ";
    private const string SourceEnd = " -->";

    /// <summary>All blocks of a language, in the README and in the pages.</summary>
    internal static IEnumerable<Snippet> In(string language) =>
        Directory.EnumerateFiles(Repository.Pages, "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Order()
            .SelectMany(page => InPage(page, language));

    private static IEnumerable<Snippet> InPage(string page, string language)
    {
        string[] lines = File.ReadAllLines(page);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == $"```{language}")
            {
                string[] block = [.. lines.Skip(i + 1).TakeWhile(static line => line != "```")];
                string? source = i > 0 ? SourceIn(lines[i - 1]) : null;
                yield return new Snippet(
                    $"{Path.GetRelativePath(Repository.Root, page)}:{i + 1}",
                    string.Join('\n', block),
                    source is null ? null : Path.Combine(Path.GetDirectoryName(page)!, source));
            }
        }
    }

    private static string? SourceIn(string line) =>
        line.StartsWith(SourceBegin, StringComparison.Ordinal) && line.EndsWith(SourceEnd, StringComparison.Ordinal)
            ? line[SourceBegin.Length..^SourceEnd.Length]
            : null;

    /// <summary>What the names of tests show.</summary>
    public override string ToString() => Place;
}
