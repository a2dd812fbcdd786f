using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that changes upstreams by hand.</summary>
internal sealed class UpstreamApi(Func<TcpProxy?> proxy, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    /// <summary>The path of its request.</summary>
    internal const string Path = "/api/upstreams";

    /// <summary>Whether a request is one of these, and may have a body.</summary>
    internal static bool MayHaveBody(HttpRequest request) =>
        HttpMethods.IsPatch(request.Method) && request.Path.Equals(Path, StringComparison.Ordinal);

    internal void Map(IEndpointRouteBuilder routes) =>
        routes.MapPatch(Path, context => guard.ChangeAsync(context, ChangeAsync));

    private async Task ChangeAsync(HttpContext context)
    {
        var errors = new ValidationErrors();
        UpstreamChange? change = await AdminBody.ReadAsync(context, UpstreamChangeReader.Whole, errors) is { } body
            ? UpstreamChangeReader.Read(body, errors)
            : null;
        if (change is null)
        {
            await context.Error(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
            return;
        }

        if (proxy() is not { State: ProxyState.Running } running)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not run");
            return;
        }

        if (change.Route is { } route && !running.HasRoute(route))
        {
            await context.Error(StatusCodes.Status404NotFound, $"there is no route '{Printable.Shorten(route)}'");
            return;
        }

        await ApplyAsync(context, running, change);
    }

    private async Task ApplyAsync(HttpContext context, TcpProxy running, UpstreamChange change)
    {
        using var timeout = new CancellationTokenSource(SharedSnapshot.LongestWait);
        try
        {
            if (!await running.SetUpstreamAsync(change, timeout.Token))
            {
                string ofRoute = change.Route is { } route ? $"the route '{Printable.Shorten(route)}'" : "the proxy";
                await context.Error(StatusCodes.Status404NotFound, $"{ofRoute} has no upstream '{Printable.Shorten(change.Upstream)}'");
                return;
            }

            snapshot.Forget();
            await AnswerAsync(context, await running.GetSnapshotAsync(0, timeout.Token), change);
        }
        catch (OperationCanceledException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
        }
        catch (ArgumentException exception)
        {
            // The message of the exception names the parameter at its end.
            await context.Error(StatusCodes.Status400BadRequest, exception.Message.Split(" (Parameter ")[0]);
        }
        catch (InvalidOperationException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not run");
        }
    }

    private async Task AnswerAsync(HttpContext context, ProxySnapshot now, UpstreamChange change)
    {
        RouteSnapshot? route = now.Routes.FirstOrDefault(one => change.Route is null || one.Name == change.Route);
        UpstreamSnapshot[] named = [.. (route?.Upstreams ?? []).Where(one => one.Address == change.Upstream || one.Name == change.Upstream)];

        // An upstream that was taken out of the configuration and put in again may have an old row, which goes with its connections.
        UpstreamSnapshot[] current = [.. named.Where(static one => one.State != UpstreamState.Draining)];
        var answer = new UpstreamsView(route?.Name ?? change.Route ?? "", (current.Length > 0 ? current : named).Select(UpstreamView.Of));
        logger.UpstreamChangedByPage(
            Printable.Shorten(change.Upstream), Printable.Shorten(answer.Route), TextOf(change), context.ClientName());
        await context.Json(JsonSerializer.SerializeToUtf8Bytes(answer, AdminJson.Default.UpstreamsView));
    }

    /// <summary>A change as a line of the log tells it.</summary>
    private static string TextOf(UpstreamChange change) => string.Join(", ", new[]
    {
        change.State is { } state ? UpstreamChangeReader.NameOf(state) : null,
        change.SetsWeight ? $"weight {TextOf(change.Weight)}" : null,
        change.SetsMaxConnections ? $"maximum {TextOf(change.MaxConnections)}" : null,
        change.EndConnections ? "connections cut" : null,
    }.OfType<string>());

    private static string TextOf(int? count) => count is { } number ? FormattableString.Invariant($"{number}") : "as configured";
}
