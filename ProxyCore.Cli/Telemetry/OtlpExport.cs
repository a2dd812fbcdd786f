using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ProxyCore.Cli.Telemetry;

/// <summary>
/// Sends metrics and traces to a collector, from threads of its own. It starts first and stops last, so that what the
/// drain does is sent too.
/// </summary>
/// <param name="settings">Where to.</param>
/// <param name="flushTimeout">How long the stop waits for the last data to be sent: the collector may not answer.</param>
/// <param name="loggerFactory">Where failures of the export are logged.</param>
internal sealed class OtlpExport(OtlpSettings settings, TimeSpan flushTimeout, ILoggerFactory loggerFactory) : IHostedService
{
    internal static readonly TimeSpan DefaultFlushTimeout = TimeSpan.FromSeconds(2);

    private readonly ExportFailures _failures = new(loggerFactory.CreateLogger<OtlpExport>());
    private MeterProvider? _metrics;
    private TracerProvider? _traces;

    /// <exception cref="IOException">The collector is spoken to by https, and OpenSSL can't be loaded.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .AddProxyCore()
            .AddOtlpExporter(options => Configure(options, settings.ApplyToMetrics))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(TelemetrySources.Resource())
            .AddSource(TelemetrySources.TraceSource)
            .AddOtlpExporter(options => Configure(options, settings.ApplyToTraces))
            .Build();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var flushed = Task.WhenAll(
            Task.Run(() => End(_traces), CancellationToken.None), Task.Run(() => End(_metrics), CancellationToken.None));
        await Task.WhenAny(flushed, Task.Delay(flushTimeout, cancellationToken));
    }

    private void End(TracerProvider? traces)
    {
        traces?.Shutdown((int)flushTimeout.TotalMilliseconds);
        traces?.Dispose();
    }

    private void End(MeterProvider? metrics)
    {
        metrics?.Shutdown((int)flushTimeout.TotalMilliseconds);
        metrics?.Dispose();
    }

    private void Configure(OtlpExporterOptions options, Action<OtlpExporterOptions> apply)
    {
        apply(options);
        if (options.Endpoint.Scheme == Uri.UriSchemeHttps)
        {
            OpenSslLibrary.Require("--otlp");
        }

        options.HttpClientFactory = () => new HttpClient(new ExportWatch(_failures, options.Endpoint))
        {
            Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
        };
    }
}
