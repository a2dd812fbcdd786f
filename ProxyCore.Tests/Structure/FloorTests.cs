using System.Text.RegularExpressions;

namespace ProxyCore.Tests.Structure;

/// <summary>Each folder of the library is a room on a floor, and imports run downwards only.</summary>
internal sealed partial class FloorTests
{
    private const string Root = "";
    private const string Leaf = "Diagnostics";

    private static readonly Dictionary<string, int> _floors = new()
    {
        ["Loop"] = 0,
        ["Relay"] = 1,
        ["Upstreams"] = 1,
        ["Preread"] = 1,
        ["Access"] = 1,
        ["Connections"] = 2,
        [Root] = 3,
        ["Hosting"] = 4,
    };

    private static IEnumerable<string> Rooms() =>
        Directory.GetDirectories(Repository.Library).Select(static path => Path.GetFileName(path)!)
            .Where(static name => name is not ("bin" or "obj")).Prepend(Root);

    [TestCaseSource(nameof(Rooms))]
    public void Every_folder_has_its_floor(string room) =>
        Assert.That(room == Leaf || _floors.ContainsKey(room), Is.True, "which floor is it on?");

    [TestCaseSource(nameof(Rooms))]
    public void Imports_of_a_folder_run_downwards_only(string room)
    {
        IEnumerable<string> wrong =
            from file in SourcesOf(room)
            from used in RoomsUsedIn(File.ReadAllText(file))
            where !MayUse(room, used)
            select $"{Path.GetRelativePath(Repository.Library, file)} uses {used}";

        Assert.That(wrong, Is.Empty);
    }

    [TestCaseSource(nameof(Rooms))]
    public void Every_file_has_the_namespace_of_its_folder(string room)
    {
        string expected = room == Root ? "namespace ProxyCore;" : $"namespace ProxyCore.{room};";

        Assert.That(SourcesOf(room), Is.Not.Empty);
        Assert.That(SourcesOf(room).Where(file => !File.ReadAllText(file).Contains(expected)), Is.Empty);
    }

    [TestCase("Relay", "Loop", true)]
    [TestCase("Connections", "Relay", true)]
    [TestCase(Root, "Connections", true)]
    [TestCase("Hosting", "Loop", true)]
    [TestCase("Loop", "Diagnostics", true)]
    [TestCase("Loop", "Relay", false)]
    [TestCase("Relay", "Upstreams", false)]
    [TestCase("Relay", "Connections", false)]
    [TestCase("Upstreams", "Loop", false)]
    [TestCase(Root, "Hosting", false)]
    [TestCase("Diagnostics", "Loop", false)]
    public void The_rule_is_the_one_of_the_design(string from, string to, bool allowed) =>
        Assert.That(MayUse(from, to), Is.EqualTo(allowed));

    [TestCase("using ProxyCore.Relay;")]
    [TestCase("global using ProxyCore.Relay;")]
    [TestCase("using static ProxyCore.Relay.SocketErrors;")]
    [TestCase("using Pipe = ProxyCore.Relay.Pipe;")]
    [TestCase("var pipe = new global::ProxyCore.Relay.Pipe();")]
    public void An_import_is_found_in_each_way_to_write_it(string source) =>
        Assert.That(RoomsUsedIn(source), Is.EqualTo(["Relay"]));

    private static bool MayUse(string from, string to)
    {
        if (from == to || (to == Leaf && from != Leaf))
        {
            return true;
        }

        if (from == Leaf || !_floors.TryGetValue(to, out int floor))
        {
            return false;
        }

        bool isFirstFloor = _floors[from] == 1;
        return floor < _floors[from] && (!isFirstFloor || from == "Relay");
    }

    private static IEnumerable<string> SourcesOf(string room) => room == Root
        ? Directory.EnumerateFiles(Repository.Library, "*.cs")
        : Directory.EnumerateFiles(Path.Combine(Repository.Library, room), "*.cs", SearchOption.AllDirectories);

    /// <summary>The folders whose namespace the source names, other than as its own.</summary>
    private static IEnumerable<string> RoomsUsedIn(string source) =>
        Mention().Matches(source).Select(static match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"(?<!namespace\s)\bProxyCore\.(\w+)(?=[.;])")]
    private static partial Regex Mention();
}
