using OpenTelemetry.Exporter;

namespace ProxyCore.Cli.Telemetry;

/// <summary>
/// Where the export goes: what the command line says, else what the environment says for one signal, else for all, else the
/// exporter's default. Immutable; null is not said.
/// </summary>
/// <param name="Endpoint">The collector, as the command line says.</param>
/// <param name="Protocol">How it is spoken to, as the command line says.</param>
internal sealed record OtlpSettings(Uri? Endpoint, OtlpExportProtocol? Protocol)
{
    /// <summary>What the environment says for metrics.</summary>
    internal OtlpVariables Metrics { get; init; } = OtlpVariables.None;

    /// <summary>What the environment says for traces.</summary>
    internal OtlpVariables Traces { get; init; } = OtlpVariables.None;

    /// <summary>Sets the options of the exporter of metrics, which have what the environment says for all signals.</summary>
    internal void ApplyToMetrics(OtlpExporterOptions options) => Apply(options, Metrics, "v1/metrics");

    /// <summary>Sets the options of the exporter of traces, which have what the environment says for all signals.</summary>
    internal void ApplyToTraces(OtlpExporterOptions options) => Apply(options, Traces, "v1/traces");

    private void Apply(OtlpExporterOptions options, OtlpVariables signal, string path)
    {
        options.Protocol = Protocol ?? signal.Protocol ?? options.Protocol;
        options.Headers = signal.Headers ?? options.Headers;
        options.TimeoutMilliseconds = signal.Timeout ?? options.TimeoutMilliseconds;
        if (Endpoint is not null)
        {
            // By gRPC the path follows from the name of the service.
            options.Endpoint = options.Protocol == OtlpExportProtocol.Grpc
                ? Endpoint
                : new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        }
        else if (signal.Endpoint is not null)
        {
            options.Endpoint = signal.Endpoint;
        }
    }
}
