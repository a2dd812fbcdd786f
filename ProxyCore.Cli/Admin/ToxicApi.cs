using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that adds, removes and switches toxics.</summary>
internal sealed class ToxicApi(ToxicSwitches toxics, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    /// <summary>The path of all its requests.</summary>
    internal const string Path = "/api/toxics";

    private const string Route = "route";
    private const string Name = "name";

    /// <summary>Whether a request is one of these that may have a body.</summary>
    internal static bool MayHaveBody(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Equals(Path, StringComparison.Ordinal);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, ListAsync);
        routes.MapPost(Path, context => guard.ChangeAsync(context, AddAsync));
        routes.MapDelete(Path, context => guard.ChangeAsync(context, RemoveAsync));
        routes.MapPatch(Path, context => guard.ChangeAsync(context, SwitchAsync));
    }

    private Task ListAsync(HttpContext context) =>
        context.Json(JsonSerializer.SerializeToUtf8Bytes(new ToxicsView(toxics.List()), AdminJson.Default.ToxicsView));

    private async Task AddAsync(HttpContext context)
    {
        var errors = new ValidationErrors();
        (Toxic? toxic, string? route) = await ReadAsync(context, errors);
        if (toxic is null || errors.Any)
        {
            await context.Error(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
            return;
        }

        await AnswerAsync(context, toxic.Name ?? toxic.Type, route ?? "", "added", token => toxics.AddAsync(toxic, route, token));
    }

    private Task RemoveAsync(HttpContext context) => Names(context) is var (route, name)
        ? AnswerAsync(context, name, route, "removed", token => toxics.RemoveAsync(route, name, token))
        : context.Error(StatusCodes.Status400BadRequest, $"name the toxic: {Path}?{Route}=ROUTE&{Name}=NAME");

    private Task SwitchAsync(HttpContext context) =>
        Names(context) is var (route, name) && bool.TryParse(One(context, "enabled"), out bool enabled)
            ? AnswerAsync(context, name, route, enabled ? "switched on" : "switched off", token => toxics.SwitchAsync(route, name, enabled, token))
            : context.Error(StatusCodes.Status400BadRequest, $"name the toxic and what it is to be: {Path}?{Route}=ROUTE&{Name}=NAME&enabled=true, or false");

    /// <summary>The toxic, and the name of its route if there is one.</summary>
    private static async Task<(Toxic? Toxic, string? Route)> ReadAsync(HttpContext context, ValidationErrors errors)
    {
        if (await AdminBody.ReadAsync(context, "toxic", errors) is not { } node)
        {
            return default;
        }

        string? route = node.TryTake(Route) is { } given ? ReadRoute(given, errors) : null;
        return (ConfigurationReader.ReadToxic(node, errors), route);
    }

    private static string? ReadRoute(TreeNode node, ValidationErrors errors)
    {
        errors.Require(node.Kind == ConfigurationNodeKind.Text, node.Path, "must be a text, the name of a route");
        return node.Value;
    }

    private static (string Route, string Name)? Names(HttpContext context) =>
        One(context, Route) is { } route && One(context, Name) is { } name ? (route, name) : null;

    private static string? One(HttpContext context, string key) => context.Request.Query[key] is [{ Length: > 0 } one] ? one : null;

    private async Task AnswerAsync(
        HttpContext context, string name, string route, string change, Func<CancellationToken, Task<ToxicAnswer>> apply)
    {
        using var timeout = new CancellationTokenSource(SharedSnapshot.LongestWait);
        ToxicAnswer answer;
        try
        {
            answer = await apply(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
            return;
        }

        if (answer.Error is { } error)
        {
            await context.Error(answer.Status, error);
            return;
        }

        snapshot.Forget();
        logger.ToxicChangedByPage(Printable.Shorten(name), Printable.Shorten(route), change, context.ClientName());
        context.Response.StatusCode = answer.Status;
    }
}
