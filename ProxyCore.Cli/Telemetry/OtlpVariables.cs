using System.Globalization;
using OpenTelemetry.Exporter;

namespace ProxyCore.Cli.Telemetry;

/// <summary>
/// What the environment says of the export of one signal, in variables as <c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c>: above
/// those without the signal's name, which the exporter reads itself. It reads these only where one exporter serves all
/// signals. Immutable; null is not said.
/// </summary>
/// <param name="Endpoint">The collector, with the path, which is used as it is.</param>
/// <param name="Protocol">How it is spoken to.</param>
/// <param name="Headers">What is sent with each request: <c>name=value</c>, separated by commas.</param>
/// <param name="Timeout">How long an answer may take, in milliseconds.</param>
internal sealed record OtlpVariables(Uri? Endpoint, OtlpExportProtocol? Protocol, string? Headers, int? Timeout)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    internal static OtlpVariables None { get; } = new(null, null, null, null);

    /// <param name="signal">The name of the signal in the variables with an underscore, as <c>TRACES_</c>; empty for all.</param>
    /// <param name="variable">A variable's value; null or empty when it is not set.</param>
    /// <exception cref="FormatException">One has no valid value; the message names it.</exception>
    internal static OtlpVariables Read(string signal, Func<string, string?> variable)
    {
        string prefix = Prefix + signal;
        return new OtlpVariables(
            Parse<Uri>("ENDPOINT", OtlpOptions.ParseUrl),
            Parse<OtlpExportProtocol?>("PROTOCOL", static text => OtlpOptions.ParseProtocol(text)),
            Parse<string>("HEADERS", static text => text),
            Parse<int?>("TIMEOUT", static text => ParseMilliseconds(text)));

        T? Parse<T>(string name, Func<string, T> parse)
        {
            if (variable(prefix + name) is not { Length: > 0 } text)
            {
                return default;
            }

            try
            {
                return parse(text);
            }
            catch (FormatException exception)
            {
                throw new FormatException($"{prefix}{name}: {exception.Message}");
            }
        }
    }

    private static int ParseMilliseconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0
            ? milliseconds
            : throw new FormatException($"'{text}' is no time: write a number of milliseconds, 1 or more");
}
