using OpenTelemetry.Exporter;

namespace ProxyCore.Cli.Telemetry;

/// <summary>What was asked for of the export. Immutable; null is what the environment says, or else the exporter's default.</summary>
/// <param name="Endpoint">The collector.</param>
/// <param name="Protocol">How it is spoken to.</param>
internal sealed record OtlpSettings(Uri? Endpoint, OtlpExportProtocol? Protocol)
{
    /// <summary>Sets the options of the exporter of one signal.</summary>
    /// <param name="options">As the environment says.</param>
    /// <param name="path">Where the signal goes, below the endpoint; gRPC has its own way.</param>
    internal void Apply(OtlpExporterOptions options, string path)
    {
        options.Protocol = Protocol ?? options.Protocol;
        if (Endpoint is not null)
        {
            options.Endpoint = options.Protocol == OtlpExportProtocol.Grpc
                ? Endpoint
                : new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
        }
    }
}
