using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Admin;

/// <summary>The API of the admin page: health, snapshots, ending connections.</summary>
internal sealed class AdminApi(Func<TcpProxy?> proxy, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    // Some load balancers check health with HEAD.
    private static readonly string[] _methodsOfHealth = [HttpMethods.Get, HttpMethods.Head];

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", _methodsOfHealth, Healthz);
        routes.MapMethods("/readyz", _methodsOfHealth, Readyz);
        routes.MapGet("/api/snapshot", SnapshotAsync);
        routes.MapPost("/api/connections/{id}/end", context => guard.ChangeAsync(context, EndAsync));
    }

    private static bool HasFailed(TcpProxy? proxy) => proxy is { Completion.IsFaulted: true };

    private Task Healthz(HttpContext context) => HasFailed(proxy())
        ? context.Answer(StatusCodes.Status503ServiceUnavailable, "failed")
        : context.Answer(StatusCodes.Status200OK, "ok");

    private Task Readyz(HttpContext context)
    {
        TcpProxy? asked = proxy();
        string? whyNot = asked?.State switch
        {
            ProxyState.Running => null,
            ProxyState.Draining => "draining",
            null or ProxyState.Created => "starting",
            _ => HasFailed(asked) ? "failed" : "stopped",
        };
        return whyNot is null
            ? context.Answer(StatusCodes.Status200OK, "ok")
            : context.Answer(StatusCodes.Status503ServiceUnavailable, whyNot);
    }

    private async Task SnapshotAsync(HttpContext context)
    {
        if (proxy() is null)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy has not started yet");
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

    private async Task EndAsync(HttpContext context)
    {
        if (!long.TryParse(
            context.Request.RouteValues["id"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            await context.Error(StatusCodes.Status404NotFound, "a connection has a number");
            return;
        }

        using var timeout = new CancellationTokenSource(SharedSnapshot.LongestWait);
        try
        {
            if (proxy() is not { } running || !await running.EndConnectionAsync(id, timeout.Token))
            {
                await context.Error(StatusCodes.Status404NotFound, "there is no such connection");
                return;
            }
        }
        catch (OperationCanceledException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
            return;
        }

        logger.EndedByPage(id, context.ClientName());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
