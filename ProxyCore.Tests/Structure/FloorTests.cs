using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ProxyCore.Tests.Structure;

/// <summary>Each folder of the library is a room on a floor, and imports run downwards only.</summary>
internal sealed partial class FloorTests
{
    private const string Root = "";
    private const string Leaf = "Diagnostics";

    // Beneath everything, the other leaf included: which operating system it is.
    private const string Platform = "Platform";

    // A folder of the public face: its types are those of the root.
    private const string Toxics = "Toxics";

    // The one room of its floor that all others on it may use.
    private const string Settings = "Settings";

    private static readonly Dictionary<string, int> _floors = new()
    {
        ["Loop"] = 0,
        [Settings] = 1,
        ["Relay"] = 1,
        ["Upstreams"] = 1,
        ["Preread"] = 1,
        ["Access"] = 1,
        ["Certificates"] = 1,
        ["Sharing"] = 1,
        ["Connections"] = 2,
        [Root] = 3,
        ["Hosting"] = 4,
    };

    /// <summary>
    /// What users and all floors speak of: enumerations, addresses, reports, snapshots, options and the interfaces that
    /// users implement. Not the proxy itself.
    /// </summary>
    private static readonly HashSet<string> _contracts =
    [
        nameof(AccessLogFormat), nameof(BalancingNames), nameof(ClientHashKey), nameof(ClientIdentity), nameof(ClientInfo), nameof(ConnectionFacts), nameof(ConnectionPhase), nameof(ConnectionReport),
        nameof(ConnectionFilter), nameof(ConnectionPage), nameof(ConnectionSide), nameof(ConnectionSnapshot), nameof(EndReason), nameof(EndReasons), nameof(IBalancingPolicy),
        nameof(IConnectionObserver), nameof(IUpstreamObserver), nameof(IUpstreamSource), nameof(UpstreamTarget), nameof(IRouteSelector), nameof(ListenException), nameof(LoopSnapshot),
        nameof(ProxyEndpoint), nameof(ProxyEndpointKind), nameof(ProxyState), nameof(ProxyProtocolVersion), nameof(ProxyTlvs),
        nameof(RouteSnapshot), nameof(TcpProxyStatistics), nameof(Upstream),
        nameof(UpstreamReport), nameof(UpstreamSnapshot), nameof(UpstreamState), nameof(UpstreamAdministration), nameof(UpstreamChange),
        nameof(TcpProxyOptions), nameof(RouteOptions), nameof(ListenOptions), nameof(UpstreamOptions), nameof(HealthCheckOptions),
        nameof(PassiveHealthOptions), nameof(RetryBudgetOptions), nameof(AccessLogOptions), nameof(AccessOptions), nameof(NoRouteAction),
        nameof(ProxyProtocolOptions), nameof(BandwidthOptions), nameof(BandwidthScope),
        nameof(TlsInfo), nameof(TlsVersion), nameof(TlsEngineKind), nameof(ClientCertificateMode), nameof(TruncationAction), nameof(LifetimeAction), nameof(UnknownNameAction),
        nameof(RouteTlsMode), nameof(StartTlsMode), nameof(CertificateOptions), nameof(CertificateStatus), nameof(ListenTlsOptions), nameof(UpstreamTlsOptions),
        nameof(DenyEntry), nameof(ISharedState), nameof(SharedChanges), nameof(SharedRecord), nameof(SharedStateStatus),
        nameof(ClientLimitOptions), nameof(ConnectionRate), nameof(LimitAction),
        nameof(Toxic), nameof(ToxicSnapshot), nameof(ToxicDirection), nameof(ToxicScope), nameof(ToxicEnd), nameof(ToxicOutput), nameof(IToxicStage),
        nameof(LatencyToxic), nameof(BandwidthToxic), nameof(SlowCloseToxic), nameof(TimeoutToxic), nameof(CloseToxic), nameof(SlicerToxic),
        nameof(LimitDataToxic), nameof(ConnectDelayToxic), nameof(RefuseToxic), nameof(SwallowToxic), nameof(CorruptToxic), nameof(CutToxic),
        nameof(StallToxic), nameof(NoOpToxic), nameof(CustomToxic),
    ];

    private static IEnumerable<string> Rooms() =>
        Directory.GetDirectories(Repository.Library).Select(static path => Path.GetFileName(path)!)
            .Where(static name => name is not ("bin" or "obj" or Toxics)).Prepend(Root);

    private static IEnumerable<string> LowerRooms() => Rooms().Where(static room => room is not (Root or "Hosting"));

    [TestCaseSource(nameof(Rooms))]
    public void Every_folder_has_its_floor(string room) =>
        Assert.That(room is Leaf or Platform || _floors.ContainsKey(room), Is.True, "which floor is it on?");

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
        Assert.That(SourcesOf(room), Is.Not.Empty);
        Assert.That(SourcesOf(room).Where(static file => !File.ReadAllText(file).Contains(NamespaceOf(file))), Is.Empty);
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
    [TestCase("Upstreams", "Settings", true)]
    [TestCase("Relay", "Settings", true)]
    [TestCase("Preread", "Settings", true)]
    [TestCase("Preread", "Loop", false)]
    [TestCase("Preread", "Access", false)]
    [TestCase("Loop", "Settings", false)]
    [TestCase("Settings", "Loop", false)]
    [TestCase("Settings", "Upstreams", false)]
    [TestCase("Connections", "Settings", true)]
    [TestCase(Root, "Hosting", false)]
    [TestCase("Diagnostics", "Loop", false)]
    [TestCase("Diagnostics", "Platform", true)]
    [TestCase("Loop", "Platform", true)]
    [TestCase("Platform", "Diagnostics", false)]
    [TestCase("Platform", "Loop", false)]
    public void The_rule_is_the_one_of_the_design(string from, string to, bool allowed) =>
        Assert.That(MayUse(from, to), Is.EqualTo(allowed));

    /// <summary>A child namespace sees the types of its parent without an import, so these arrows need a list of their own.</summary>
    [TestCaseSource(nameof(LowerRooms))]
    public void A_lower_floor_uses_only_contract_types_of_the_root(string room)
    {
        HashSet<string> root = [.. SourcesOf(Root).SelectMany(static file => TypesDeclaredIn(File.ReadAllText(file)))];
        IEnumerable<string> wrong =
            from file in SourcesOf(room)
            from name in NamesUsedIn(File.ReadAllText(file))
            where root.Contains(name) && !_contracts.Contains(name)
            select $"{Path.GetRelativePath(Repository.Library, file)} uses {name}";

        Assert.That(root, Is.SupersetOf(_contracts));
        Assert.That(wrong, Is.Empty);
    }

    [TestCase("using ProxyCore.Relay;")]
    [TestCase("global using ProxyCore.Relay;")]
    [TestCase("using static ProxyCore.Relay.SocketErrors;")]
    [TestCase("using Pipe = ProxyCore.Relay.Pipe;")]
    [TestCase("var pipe = new global::ProxyCore.Relay.Pipe();")]
    public void An_import_is_found_in_each_way_to_write_it(string source) =>
        Assert.That(RoomsUsedIn(source), Is.EqualTo(["Relay"]));

    private static bool MayUse(string from, string to)
    {
        if (from == to || to == Platform || (to == Leaf && from != Platform))
        {
            return true;
        }

        if (from is Leaf or Platform || !_floors.TryGetValue(to, out int floor))
        {
            return false;
        }

        bool isFirstFloor = _floors[from] == 1;
        return isFirstFloor
            ? (to == Settings && from != Settings) || (floor == 0 && from == "Relay")
            : floor < _floors[from];
    }

    /// <summary>The declaration that a file of this folder must have. The folders within Diagnostics share one namespace.</summary>
    private static string NamespaceOf(string file)
    {
        string folder = Path.GetRelativePath(Repository.Library, Path.GetDirectoryName(file)!);
        folder = folder.StartsWith(Leaf, StringComparison.Ordinal) ? Leaf : folder;
        return folder is "." or Toxics ? "namespace ProxyCore;" : $"namespace ProxyCore.{folder.Replace(Path.DirectorySeparatorChar, '.')};";
    }

    private static IEnumerable<string> SourcesOf(string room) => room == Root
        ? Directory.EnumerateFiles(Repository.Library, "*.cs").Concat(Directory.EnumerateFiles(Path.Combine(Repository.Library, Toxics), "*.cs"))
        : Directory.EnumerateFiles(Path.Combine(Repository.Library, room), "*.cs", SearchOption.AllDirectories);

    /// <summary>The folders whose namespace the source names, other than as its own.</summary>
    private static IEnumerable<string> RoomsUsedIn(string source) =>
        Mention().Matches(source).Select(static match => match.Groups[1].Value).Distinct();

    private static IEnumerable<string> TypesDeclaredIn(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes()
            .OfType<BaseTypeDeclarationSyntax>().Select(static type => type.Identifier.Text);

    private static IEnumerable<string> NamesUsedIn(string source) =>
        CSharpSyntaxTree.ParseText(source).GetRoot().DescendantNodes()
            .OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.Text).Distinct();

    [GeneratedRegex(@"(?<!namespace\s)\bProxyCore\.(\w+)(?=[.;])")]
    private static partial Regex Mention();
}
