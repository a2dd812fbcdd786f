using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ProxyCore.Tests.Structure;

namespace ProxyCore.Tests.Documentation;

/// <summary>The pages for engineers name only types and members that the sources have: a name that was changed is found.</summary>
internal sealed partial class IdentifierTests
{
    private static readonly string[] _pages = ["CONTRIBUTING.md", "docs/architecture.md"];
    private static readonly string[] _projects = ["ProxyCore", "ProxyCore.Cli", "ProxyCore.Bench", "ProxyCore.Tests"];

    // The compiler's name for what Program.cs does.
    private const string EntryPoint = "Main";

    // Identifiers of code, but not words in comments and texts, which may keep an old name; and the lists of the analyzers.
    private static readonly HashSet<string> _known =
    [
        EntryPoint,
        .. Directory.EnumerateFiles(Repository.Library, "*.txt").SelectMany(static file => Path.GetFileName(file).Split('.')),
        .. _projects.SelectMany(static project => Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .SelectMany(static file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantTokens())
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText),
    ];

    [TestCaseSource(nameof(_pages))]
    public void Every_type_and_member_on_the_page_exists(string page)
    {
        string[] names = [.. NamesOn(File.ReadAllText(Path.Combine(Repository.Root, page)))];

        Assert.That(names, Has.Length.GreaterThan(50));
        Assert.That(names.Except(_known), Is.Empty);
    }

    [TestCase("asks `NoSuchType.Run` for it")]
    [TestCase("see `Connections/NoSuchType`")]
    [TestCase("```\nConnection ── NoSuchType (a drawing)\n```")]
    public void A_name_that_no_source_has_is_found(string text) =>
        Assert.That(NamesOn(text).Except(_known), Is.EqualTo(["NoSuchType"]));

    /// <summary>Words in Pascal case: those of paths and dotted names in code spans, and the compound ones of drawings.</summary>
    private static IEnumerable<string> NamesOn(string text)
    {
        IEnumerable<string> drawn = Block().Matches(text).Where(static block => block.Groups["language"].Length == 0)
            .SelectMany(static block => Compound().Matches(block.Value)).Select(static word => word.Value);
        IEnumerable<string> written = Span().Matches(Block().Replace(text, ""))
            .SelectMany(static span => span.Groups[1].Value.Split('.', '/')).Where(static word => Pascal().IsMatch(word));
        return drawn.Concat(written).Distinct();
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n.*?^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex(@"\b[A-Z][a-z]+[A-Z]\w*")]
    private static partial Regex Compound();

    [GeneratedRegex(@"`([\w./]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$")]
    private static partial Regex Pascal();
}
