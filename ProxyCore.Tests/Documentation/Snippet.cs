using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Documentation;

/// <summary>A block of code in one of the pages.</summary>
internal sealed record Snippet(string Place, string Text)
{
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
                yield return new Snippet($"{Path.GetRelativePath(Repository.Root, page)}:{i + 1}", string.Join('\n', block));
            }
        }
    }

    /// <summary>What the names of tests show.</summary>
    public override string ToString() => Place;
}
