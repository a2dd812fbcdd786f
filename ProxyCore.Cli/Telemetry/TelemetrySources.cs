using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using ProxyCore.Connections.Statistics;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Telemetry;

/// <summary>What is told to the world by OpenTelemetry, whichever way it goes: from where, and of whom.</summary>
internal static class TelemetrySources
{
    // Built into .NET: the collector, the pool's threads, exceptions, the processor.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>The source of the activities.</summary>
    internal const string TraceSource = ConnectionTraces.SourceName;

    /// <summary>Who tells. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, being last, override it.</summary>
    internal static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService(Product.Name, serviceVersion: Product.Version)
        .AddEnvironmentVariableDetector();

    internal static MeterProviderBuilder AddProxyCore(this MeterProviderBuilder builder) =>
        builder.SetResourceBuilder(Resource()).AddMeter(ProxyMeter.Name).AddMeter(RuntimeMeter);
}
