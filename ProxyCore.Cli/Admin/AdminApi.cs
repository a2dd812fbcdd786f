using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Admin;

/// <summary>What the admin page answers about the proxy, and does to it.</summary>
internal sealed class AdminApi(Func<TcpProxy?> proxy, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Healthz);
        routes.MapGet("/readyz", Readyz);
        routes.MapGet("/api/snapshot", SnapshotAsync);
        routes.MapPost("/api/connections/{id}/end", context => guard.ChangeAsync(context, EndAsync));
    }

    private static bool HasFailed(TcpProxy? proxy) => proxy is { Completion.IsFaulted: true };

    private Task Healthz(HttpContext context) => HasFailed(proxy())
        ? context.Text(StatusCodes.Status503ServiceUnavailable, "failed")
        : context.Text(StatusCodes.Status200OK, "ok");

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
            ? context.Text(StatusCodes.Status200OK, "ok")
            : context.Text(StatusCodes.Status503ServiceUnavailable, whyNot);
    }

    private async Task SnapshotAsync(HttpContext context)
    {
        if (proxy() is null)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy has not started yet");
            return;
        }

        if (await TryTakeAsync(context.RequestAborted) is { } json)
        {
            await context.Json(json);
        }
        else
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
        }
    }

    private async Task<byte[]?> TryTakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await snapshot.GetAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.NoSnapshot(exception);
            return null;
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

        logger.Ending(context.Connection.RemoteIpAddress?.ToString() ?? "a local client", id);
        if (proxy() is { } running && await running.EndConnectionAsync(id, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await context.Error(StatusCodes.Status404NotFound, "there is no such connection");
        }
    }
}
