using ProxyCore.Bench.Comparing;

namespace ProxyCore.Bench;

/// <summary>What the command line asked for.</summary>
/// <param name="Timing">How long and how often.</param>
/// <param name="Docs">Where the page goes.</param>
/// <param name="Native">The native command; null builds it, <see cref="LeaveOut"/> leaves it out.</param>
/// <param name="Jit">The same for the command that is compiled while it runs.</param>
/// <param name="HAProxy">A HAProxy to compare beside the installed one; null for none.</param>
internal sealed record SessionOptions(Timing Timing, string Docs, string? Native, string? Jit, string? HAProxy)
{
    internal const string LeaveOut = "none";
}
