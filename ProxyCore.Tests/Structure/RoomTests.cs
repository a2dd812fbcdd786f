using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ProxyCore.Tests.Structure;

/// <summary>The folders of Connections have an order, too: each uses only those before it.</summary>
internal sealed partial class RoomTests
{
    private const string Root = "";

    /// <summary>From the sockets to the running proxy. Without a name: the folder Connections itself.</summary>
    private static readonly string[] _order =
    [
        "Sockets", "Encrypting", "Dialing", "Pools", "Opening", "Connecting", "Listening", "Counting", "Limiting", "Faults", "Reporting", Root, "Statistics", "Running",
    ];

    private static string Connections { get; } = Path.Combine(Repository.Library, "Connections");

    [Test]
    public void Every_folder_has_its_place_in_the_order() =>
        Assert.That(
            Directory.GetDirectories(Connections).Select(static folder => Path.GetFileName(folder)),
            Is.EquivalentTo(_order.Where(static room => room != Root)));

    [TestCaseSource(nameof(_order))]
    public void A_room_imports_only_rooms_before_it(string room)
    {
        IEnumerable<string> wrong =
            from file in SourcesOf(room)
            from Match import in Import().Matches(File.ReadAllText(file))
            let used = import.Groups[1].Value
            where Array.IndexOf(_order, used) >= Array.IndexOf(_order, room) && used != room
            select $"{Path.GetFileName(file)} uses {used}";

        Assert.That(wrong, Is.Empty);
    }

    /// <summary>A child namespace sees the types of its parent without an import.</summary>
    [TestCaseSource(nameof(_order))]
    public void A_room_before_the_connection_itself_uses_none_of_its_types(string room)
    {
        if (Array.IndexOf(_order, room) >= Array.IndexOf(_order, Root))
        {
            return;
        }

        HashSet<string> types = [.. SourcesOf(Root).SelectMany(TypesDeclaredIn)];
        IEnumerable<string> wrong =
            from file in SourcesOf(room)
            from name in TypesNamedIn(file)
            where types.Contains(name)
            select $"{Path.GetFileName(file)} uses {name}";

        Assert.That(types, Does.Contain("Connection"));
        Assert.That(wrong, Is.Empty);
    }

    private static string[] SourcesOf(string room) => Directory.GetFiles(Path.Combine(Connections, room), "*.cs");

    private static IEnumerable<string> TypesDeclaredIn(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>().Where(static type => type.Parent is BaseNamespaceDeclarationSyntax)
            .Select(static type => type.Identifier.Text);

    /// <summary>Names in the position of a type, or before a dot; a property may have the name of a type.</summary>
    private static IEnumerable<string> TypesNamedIn(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Where(static name => name.Parent is not (MemberAccessExpressionSyntax or ArgumentSyntax or AssignmentExpressionSyntax)
                || name.Parent is MemberAccessExpressionSyntax access && access.Expression == name)
            .Select(static name => name.Identifier.Text).Distinct();

    [GeneratedRegex(@"ProxyCore\.Connections\.(\w+)(?=[.;])(?<!namespace ProxyCore\.Connections\.\w+)")]
    private static partial Regex Import();
}
