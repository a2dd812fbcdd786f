using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Admin;

/// <summary>What the admin page answers about the proxy, and does to it.</summary>
internal sealed class AdminApi(AdminTarget target, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", Healthz);
        routes.MapGet("/readyz", Readyz);
        routes.MapGet("/api/snapshot", SnapshotAsync);
        routes.MapPost("/api/connections/{id}/end", context => guard.ChangeAsync(context, EndAsync));
    }

    private Task Healthz(HttpContext context) => target.HasFailed()
        ? context.Text(StatusCodes.Status503ServiceUnavailable, "failed")
        : context.Text(StatusCodes.Status200OK, "ok");

    private Task Readyz(HttpContext context) => target.State() switch
    {
        _ when target.HasFailed() => context.Text(StatusCodes.Status503ServiceUnavailable, "failed"),
        ProxyState.Running => context.Text(StatusCodes.Status200OK, "ok"),
        ProxyState.Created => context.Text(StatusCodes.Status503ServiceUnavailable, "starting"),
        ProxyState.Draining => context.Text(StatusCodes.Status503ServiceUnavailable, "draining"),
        _ => context.Text(StatusCodes.Status503ServiceUnavailable, "stopped"),
    };

    private async Task SnapshotAsync(HttpContext context)
    {
        byte[] json;
        try
        {
            json = await snapshot.GetAsync(context.RequestAborted);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            logger.NoSnapshot(exception);
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
            return;
        }

        await context.Json(json);
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
        if (await target.EndConnection(id, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await context.Error(StatusCodes.Status404NotFound, "there is no such connection");
        }
    }
}
