using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;

namespace ProxyCore.Cli.Telemetry;

/// <summary>The options of the export by OpenTelemetry.</summary>
internal sealed class OtlpOptions
{
    // As they stand in the names of variables.
    private const string AllSignals = "";
    private const string Metrics = "METRICS_";
    private const string Traces = "TRACES_";

    private readonly Option<Uri?> _endpoint = CheckedOption.WithOptionalValue(
        "--otlp",
        "URL",
        "Export metrics and traces to an OpenTelemetry collector [default: nowhere; without URL port 4317 of localhost, or 4318 for http]",
        ParseUrl);

    private readonly Option<OtlpExportProtocol> _protocol = CheckedOption.Once(
        "--otlp-protocol",
        "PROTOCOL",
        "How the collector is spoken to: grpc or http [default: grpc]",
        ParseProtocol);

    internal void AddTo(Command command)
    {
        command.Add(_endpoint);
        command.Add(_protocol);
        command.Validators.Add(Check);
    }

    /// <summary>Adds the export to the services, if the command line has it. To be called first: the export starts first.</summary>
    internal void AddTo(IServiceCollection services, ParseResult parsed)
    {
        if (parsed.GetResult(_endpoint) is null)
        {
            return;
        }

        var settings = new OtlpSettings(
            parsed.GetValue(_endpoint), parsed.GetResult(_protocol) is null ? null : parsed.GetRequiredValue(_protocol))
        {
            Metrics = ReadVariables(Metrics),
            Traces = ReadVariables(Traces),
        };
        services.AddSingleton<IHostedService>(
            provider => new OtlpExport(settings, OtlpExport.DefaultFlushTimeout, provider.GetRequiredService<ILoggerFactory>()));
    }

    /// <exception cref="FormatException">It is no URL of a collector.</exception>
    internal static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { Query: "", Fragment: "", UserInfo: "" }
            ? url
            : throw new FormatException($"'{text}' is no URL of a collector: write http://HOST:PORT or https://HOST:PORT");

    /// <exception cref="FormatException">There is no such protocol.</exception>
    internal static OtlpExportProtocol ParseProtocol(string text) => text.ToUpperInvariant() switch
    {
        "GRPC" => OtlpExportProtocol.Grpc,
        "HTTP" or "HTTP/PROTOBUF" => OtlpExportProtocol.HttpProtobuf,
        _ => throw new FormatException($"'{text}' is no protocol: grpc or http"),
    };

    private static OtlpVariables ReadVariables(string signal) =>
        OtlpVariables.Read(signal, Environment.GetEnvironmentVariable);

    private void Check(CommandResult result)
    {
        if (result.GetResult(_endpoint) is not null)
        {
            CheckVariables(result);
        }
        else if (result.GetResult(_protocol) is not null)
        {
            result.AddError("--otlp-protocol: has no meaning without --otlp");
        }
    }

    /// <summary>Refuses values that the exporter would ignore silently.</summary>
    private static void CheckVariables(CommandResult result)
    {
        foreach (string signal in (string[])[AllSignals, Metrics, Traces])
        {
            try
            {
                _ = ReadVariables(signal);
            }
            catch (FormatException exception)
            {
                result.AddError(exception.Message);
            }
        }
    }
}
