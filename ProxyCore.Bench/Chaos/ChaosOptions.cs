namespace ProxyCore.Bench.Chaos;

/// <summary>What the command line asked for.</summary>
/// <param name="Duration">How long the actors act.</param>
/// <param name="Seed">What all that is drawn comes from.</param>
/// <param name="Program">The proxy's command.</param>
/// <param name="Folder">Where files of the run are.</param>
internal sealed record ChaosOptions(TimeSpan Duration, int Seed, string Program, string Folder);
