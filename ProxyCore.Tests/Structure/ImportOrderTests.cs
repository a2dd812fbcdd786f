using Microsoft.CodeAnalysis.CSharp;

namespace ProxyCore.Tests.Structure;

/// <summary>Imports are sorted, with System first. No rule of the compiler checks that.</summary>
internal sealed class ImportOrderTests
{
    private static IEnumerable<string> Projects() =>
        ["ProxyCore", "ProxyCore.Cli", "ProxyCore.Tests", "ProxyCore.Bench", Path.Combine("docs", "samples")];

    [TestCaseSource(nameof(Projects))]
    public void Imports_are_sorted(string project)
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))];

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(static file => !IsSorted(File.ReadAllText(file))), Is.Empty);
    }

    [TestCase("using System.Net; using ProxyCore.Loop;", true)]
    [TestCase("using ProxyCore.Loop; using System.Net;", false)]
    [TestCase("using System.Net; using System.Diagnostics;", false)]
    [TestCase("using Microsoft.Extensions.Options; using ProxyCore; using ProxyCore.Loop;", true)]
    [TestCase("using ProxyCore.Relay; using ProxyCore.Loop;", false)]
    public void The_test_knows_the_order(string source, bool isSorted) => Assert.That(IsSorted(source), Is.EqualTo(isSorted));

    private static bool IsSorted(string source)
    {
        string[] names =
        [
            .. CSharpSyntaxTree.ParseText(source).GetCompilationUnitRoot().Usings
                .Where(static one => one.Alias is null && one.StaticKeyword == default)
                .Select(static one => $"{one.Name}"),
        ];
        return names.SequenceEqual(names
            .OrderByDescending(static name => name == "System" || name.StartsWith("System.", StringComparison.Ordinal))
            .ThenBy(static name => name, StringComparer.OrdinalIgnoreCase));
    }
}
