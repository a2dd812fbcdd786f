using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>What all proxies of the API share.</summary>
/// <param name="LoggerFactory">Where they log.</param>
/// <param name="Seed">Where the chance of their toxics begins; null for another one each time.</param>
/// <param name="Traffic">Where their bytes are counted; null for nowhere.</param>
internal sealed record ToxiproxyServices(ILoggerFactory LoggerFactory, long? Seed, TrafficTotals? Traffic)
{
    internal ILogger Logger { get; } = LoggerFactory.CreateLogger<ToxiproxyServer>();
}
