using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ProxyCore.Hosting;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that denies clients for a time.</summary>
internal sealed class DenyApi(Func<TcpProxy?> proxy, AdminGuard guard, SharedSnapshot snapshot, ILogger logger)
{
    /// <summary>The path of all its requests.</summary>
    internal const string Path = "/api/deny";

    private const string NotRunning = "the proxy does not run";

    /// <summary>Whether a request is one of these that may have a body.</summary>
    internal static bool MayHaveBody(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Equals(Path, StringComparison.Ordinal);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, context => AnswerAsync(context, proxy()?.GetDenied() ?? []));
        routes.MapPost(Path, context => guard.ChangeAsync(context, DenyAsync));
        routes.MapDelete(Path, context => guard.ChangeAsync(context, RemoveAsync));
    }

    private static Task AnswerAsync(HttpContext context, IEnumerable<DenyEntry> entries) => context.Json(
        JsonSerializer.SerializeToUtf8Bytes(new DeniedView(entries.Select(DenyView.Of)), AdminJson.Default.DeniedView));

    private async Task DenyAsync(HttpContext context)
    {
        var errors = new ValidationErrors();
        if (await AdminBody.ReadAsync(context, DenyRequestReader.Whole, errors) is not { } body
            || DenyRequestReader.Read(body, errors) is not var (address, options))
        {
            await context.Error(StatusCodes.Status400BadRequest, string.Join("; ", errors.Lines));
            return;
        }

        await ChangeAsync(context, async (running, cancellationToken) =>
        {
            DenyEntry entry = await running.DenyAsync(address, options, cancellationToken);
            snapshot.Forget();
            logger.DeniedByPage(
                entry.Address, Durations.Format(options.Duration), options.EndConnections ? ", connections cut" : "", context.ClientName());
            await AnswerAsync(context, [entry]);
        });
    }

    private async Task RemoveAsync(HttpContext context)
    {
        if (context.Request.Query[DenyRequestReader.Address] is not [{ Length: > 0 } address])
        {
            await context.Error(StatusCodes.Status400BadRequest, $"name the address: {Path}?{DenyRequestReader.Address}=ADDRESS");
            return;
        }

        if (!AddressRange.TryParse(address, out AddressRange range, out string? cause))
        {
            await context.Error(StatusCodes.Status400BadRequest, $"{DenyRequestReader.Address}: {cause}");
            return;
        }

        await ChangeAsync(context, (running, cancellationToken) => RemoveAsync(context, running, range, cancellationToken));
    }

    private async Task RemoveAsync(HttpContext context, TcpProxy running, AddressRange range, CancellationToken cancellationToken)
    {
        DenyEntry[] around = [.. running.GetDenied().Where(entry => IsAround(entry, range))];
        string rest = around.Length > 0 ? $"; it is in {string.Join(" and ", around.Take(3).Select(static one => one.Address))}, which is denied" : "";
        if (!await running.RemoveDenyAsync(range.ToString(), cancellationToken))
        {
            await context.Error(StatusCodes.Status404NotFound, $"{range} is not denied by itself{rest}");
            return;
        }

        snapshot.Forget();
        logger.DenyRemovedByPage(range.ToString(), context.ClientName());
        await AnswerAsync(context, around);
    }

    /// <summary>Changes a proxy that runs, within a time.</summary>
    private async Task ChangeAsync(HttpContext context, Func<TcpProxy, CancellationToken, Task> change)
    {
        using var timeout = new CancellationTokenSource(SharedSnapshot.LongestWait);
        try
        {
            await (proxy() is { } running ? change(running, timeout.Token) : context.Error(StatusCodes.Status503ServiceUnavailable, NotRunning));
        }
        catch (DenyLimitException exception)
        {
            await context.Error(StatusCodes.Status409Conflict, exception.Message);
        }
        catch (OperationCanceledException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, "the proxy does not answer");
        }
        catch (InvalidOperationException)
        {
            await context.Error(StatusCodes.Status503ServiceUnavailable, NotRunning);
        }
    }

    /// <summary>Whether an entry denies all of a range beside the range's own entry.</summary>
    private static bool IsAround(DenyEntry entry, AddressRange range) =>
        AddressRange.TryParse(entry.Address, out AddressRange other, out _) && other != range && other.Contains(range.First.ToAddress())
        && other.Prefix <= range.Prefix;
}
