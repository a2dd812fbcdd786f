using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using ProxyCore.Connections.Statistics;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Telemetry;

/// <summary>The meters, the trace source and the resource that are exported, to Prometheus and to a collector.</summary>
internal static class TelemetrySources
{
    // .NET's own meter: garbage collector, thread pool, exceptions, processor time.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>The source of the activities.</summary>
    internal const string TraceSource = ConnectionTraces.SourceName;

    /// <summary>The resource. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are added last, and so override it.</summary>
    internal static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService(Product.Name, serviceVersion: Product.Version)
        .AddEnvironmentVariableDetector();

    internal static MeterProviderBuilder AddProxyCore(this MeterProviderBuilder builder) =>
        builder.SetResourceBuilder(Resource()).AddMeter(ProxyMeter.Name).AddMeter(RuntimeMeter);
}
