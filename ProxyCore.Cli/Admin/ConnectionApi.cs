using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that finds open connections and ends them.</summary>
internal sealed class ConnectionApi(Func<TcpProxy?> proxy, AdminGuard guard, SharedSnapshot snapshot, ILogger logger) : IDisposable
{
    /// <summary>The path of its requests.</summary>
    internal const string Path = "/api/connections";

    // However many ask, the loops look for one of them at a time.
    private readonly SemaphoreSlim _turn = new(1);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, SearchAsync);
        routes.MapDelete(Path, context => guard.ChangeAsync(context, EndManyAsync));
        routes.MapPost($"{Path}/{{id}}/end", context => guard.ChangeAsync(context, EndAsync));
    }

    public void Dispose() => _turn.Dispose();

    private async Task SearchAsync(HttpContext context)
    {
        var errors = new ValidationErrors();
        var query = ConnectionQuery.ReadSearch(context.Request.Query, errors);
        if (errors.Any)
        {
            await context.Error(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
            return;
        }

        if (await AskAsync(context, (running, token) => running.FindConnectionsAsync(query.Filter, query.After, query.Limit, token)) is { } page)
        {
            await context.Json(JsonSerializer.SerializeToUtf8Bytes(ConnectionsView.Of(page), AdminJson.Default.ConnectionsView));
        }
    }

    private async Task EndManyAsync(HttpContext context)
    {
        var errors = new ValidationErrors();
        ConnectionFilter filter = ConnectionQuery.ReadEnd(context.Request.Query, errors);
        if (errors.Any)
        {
            await context.Error(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
            return;
        }

        if (await AskAsync(context, async (running, token) => new EndedView(await running.EndConnectionsAsync(filter, token))) is { } answer)
        {
            snapshot.Forget();
            logger.ManyEndedByPage(answer.Ended, Printable.Shorten(filter.ToString()), context.ClientName());
            await context.Json(JsonSerializer.SerializeToUtf8Bytes(answer, AdminJson.Default.EndedView));
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

        snapshot.Forget();
        logger.EndedByPage(id, context.ClientName());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Asks the proxy, when it is this request's turn; null when the request has its answer, an error.</summary>
    private async Task<T?> AskAsync<T>(HttpContext context, Func<TcpProxy, CancellationToken, Task<T>> ask)
        where T : class
    {
        if (proxy() is not { } running)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy has not started yet");
            return null;
        }

        using var timeout = new CancellationTokenSource(SharedSnapshot.LongestWait);
        bool hasTurn = false;
        try
        {
            await _turn.WaitAsync(timeout.Token);
            hasTurn = true;
            return await ask(running, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
            return null;
        }
        catch (ArgumentException exception)
        {
            // The message of the exception names the parameter at its end.
            await context.Error(StatusCodes.Status400BadRequest, $"client: {exception.Message.Split(" (Parameter ")[0]}");
            return null;
        }
        finally
        {
            if (hasTurn)
            {
                _turn.Release();
            }
        }
    }
}
