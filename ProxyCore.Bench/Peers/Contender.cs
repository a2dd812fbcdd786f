namespace ProxyCore.Bench.Peers;

/// <summary>A proxy that can be started before an upstream.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Start">Starts it: the port to listen on, the port of the upstream, a folder for its files.</param>
internal sealed record Contender(string Name, Func<int, int, string, ChildProcess> Start);
