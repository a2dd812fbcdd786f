using System.Text;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>Answers <c>/metrics</c>.</summary>
/// <param name="traffic">The bytes of the proxies; null for none.</param>
/// <param name="hasProcess">Whether figures of the process are wanted.</param>
internal sealed class Metrics(TrafficTotals? traffic, bool hasProcess)
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    internal Task AnswerAsync(HttpContext context)
    {
        var text = new StringBuilder();
        if (hasProcess)
        {
            ProcessFigures.Append(text);
        }

        traffic?.Append(text);
        return context.Response.Send(text.ToString(), type: ContentType);
    }
}
