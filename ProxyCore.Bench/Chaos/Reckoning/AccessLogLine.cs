using System.Net;
using System.Text.Json;

namespace ProxyCore.Bench.Chaos.Reckoning;

/// <summary>What is needed of a line of the access log.</summary>
internal sealed record AccessLogLine(
    IPAddress? Client, string Reason, string Phase, string? Upstream, long BytesToUpstream, long BytesToClient, string Text)
{
    /// <summary>Whether the proxy says that both sides got every byte and a FIN.</summary>
    internal bool IsOrderly => Reason is "ClientFin" or "UpstreamFin";

    /// <exception cref="JsonException">It is no such line.</exception>
    internal static AccessLogLine Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement line = document.RootElement;
        string? client = line.GetProperty("client").GetString();
        return new AccessLogLine(
            IPEndPoint.TryParse(client ?? "", out IPEndPoint? endPoint) ? endPoint.Address : null,
            line.GetProperty("reason").GetString()!,
            line.GetProperty("phase").GetString()!,
            line.GetProperty("upstream").GetString(),
            line.GetProperty("bytesToUpstream").GetInt64(),
            line.GetProperty("bytesToClient").GetInt64(),
            text);
    }
}
