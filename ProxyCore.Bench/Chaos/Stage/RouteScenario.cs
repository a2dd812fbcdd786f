using ProxyCore.Bench.Chaos.Transfers;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>What a route is like, and what may happen to its servers. Data only.</summary>
/// <param name="Name">What the run calls it; in the configuration a number may stand behind.</param>
/// <param name="Servers">How many servers it has.</param>
/// <param name="Trouble">What happens to them.</param>
/// <param name="Kinds">How its clients behave, each as often as it is in the list.</param>
internal sealed record RouteScenario(string Name, int Servers, ServerTrouble Trouble, IReadOnlyList<TransferKind> Kinds)
{
    /// <summary>The share of the clients that use it, beside the others' shares.</summary>
    internal int Clients { get; init; } = 1;

    /// <summary>Whether the servers speak first.</summary>
    internal bool SpeaksFirst { get; init; }

    /// <summary>The most bytes that a transfer has in one direction.</summary>
    internal int MostBytes { get; init; } = 1024 * 1024;

    /// <summary>Other settings in the configuration.</summary>
    internal IReadOnlyDictionary<string, object> Settings { get; init; } = new Dictionary<string, object>();

    /// <summary>How many connections each server may have; null for no limit.</summary>
    internal int? MaxConnections { get; init; }
}
