namespace ProxyCore.Cli;

/// <summary>Identifies a version of a file: it differs when the file has changed. Immutable.</summary>
/// <param name="Written">When it was written last.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Target">Where it is, behind all links: a cluster changes only those.</param>
internal sealed record FileState(DateTime Written, long Length, string Target);
