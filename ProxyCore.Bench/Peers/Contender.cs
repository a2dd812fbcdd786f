using ProxyCore.Bench.Load;

namespace ProxyCore.Bench.Peers;

/// <summary>A proxy that can be started before an upstream.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Start">Starts it.</param>
/// <param name="ReadsFirstBytes">Whether it takes and sends PROXY headers and routes by server name.</param>
internal sealed record Contender(string Name, Func<Place, ChildProcess> Start, bool ReadsFirstBytes = false)
{
    internal bool CanTake(LoadKind kind) => ReadsFirstBytes || kind is not (LoadKind.ConnectProxy or LoadKind.ConnectName);
}

/// <summary>Where a contender works, and at what.</summary>
/// <param name="Kind">What its clients do.</param>
/// <param name="Port">The port to listen on.</param>
/// <param name="Upstream">The port of the upstream.</param>
/// <param name="Folder">A folder for its files.</param>
internal sealed record Place(LoadKind Kind, int Port, int Upstream, string Folder);
