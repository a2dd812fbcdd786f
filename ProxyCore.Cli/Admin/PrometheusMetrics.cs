using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using ProxyCore.Cli.Telemetry;

namespace ProxyCore.Cli.Admin;

/// <summary>The metrics of the proxy and of the runtime in Prometheus' text format. Collected from its creation until it is disposed of.</summary>
internal sealed class PrometheusMetrics : IDisposable
{
    private readonly MeterProvider _metrics = Sdk.CreateMeterProviderBuilder()
        .AddProxyCore()
        .AddPrometheusExporter(static options => options.ScrapeResponseCacheDurationMilliseconds = 1000)
        .Build();

    internal void Map(IEndpointRouteBuilder routes) => routes
        .MapPrometheusScrapingEndpoint("/metrics", _metrics, configureBranchedPipeline: null, optionsName: null)
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));

    public void Dispose() => _metrics.Dispose();
}
