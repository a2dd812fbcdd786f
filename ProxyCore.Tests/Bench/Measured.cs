using System.Runtime.Versioning;
using ProxyCore.Bench.Comparing;
using ProxyCore.Bench.Load;

namespace ProxyCore.Tests.Bench;

/// <summary>Measurements that were never made, to reckon with.</summary>
[SupportedOSPlatform("linux")]
internal static class Measured
{
    /// <summary>A run of one second.</summary>
    internal static Measurement Run(
        string contender, int round, long requests, string scenario = "busy-64", long processorTime = 0, double p99 = 0) =>
        new(scenario, contender, round, new LoadResult(requests, 0, 1, 0, p99, 0), processorTime, 0, 0);
}
