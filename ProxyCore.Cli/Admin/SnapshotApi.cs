using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that tells what the proxy does, has done in the last hour, and is configured to do.</summary>
internal sealed class SnapshotApi(Func<TcpProxy?> proxy, SharedSnapshot snapshot, TrafficHistory history)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/snapshot", SnapshotAsync);
        routes.MapGet("/api/history", HistoryAsync);
        routes.MapGet("/api/configuration", ConfigurationAsync);
    }

    private async Task SnapshotAsync(HttpContext context)
    {
        if (proxy() is null)
        {
            await NotStarted(context);
            return;
        }

        if (await snapshot.GetAsync() is { } json)
        {
            await context.Json(json);
        }
        else
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
        }
    }

    private Task HistoryAsync(HttpContext context) =>
        context.Json(JsonSerializer.SerializeToUtf8Bytes(history.Read(), AdminJson.Default.HistoryView));

    private Task ConfigurationAsync(HttpContext context) =>
        proxy() is { } running ? context.Json(RunningConfiguration.Write(running)) : NotStarted(context);

    private static Task NotStarted(HttpContext context) =>
        context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy has not started yet");
}
