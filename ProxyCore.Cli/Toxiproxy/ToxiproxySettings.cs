namespace ProxyCore.Cli.Toxiproxy;

/// <summary>What the command line says.</summary>
/// <param name="Api">Where the API listens.</param>
/// <param name="ConfigFile">The file with proxies to begin with; null for none.</param>
/// <param name="Seed">Where the chance of toxics begins; null for another one each time.</param>
/// <param name="HasProxyMetrics">Whether <c>/metrics</c> has the bytes of the proxies.</param>
/// <param name="HasRuntimeMetrics">Whether <c>/metrics</c> has figures of the process.</param>
internal sealed record ToxiproxySettings(
    ProxyEndpoint Api, string? ConfigFile = null, long? Seed = null, bool HasProxyMetrics = false, bool HasRuntimeMetrics = false);
