using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>Answers the requests of toxiproxy's API.</summary>
internal sealed class ToxiproxyApi(ProxyRegistry proxies)
{
    // Clients compare it, to know what the server can do.
    internal const string Version = "2.12.0";

    internal static Task VersionAsync(HttpContext context) =>
        context.Response.Send($"{{\"version\": \"{Version}\"}}\n", type: "application/json;charset=utf-8");

    internal Task ListProxiesAsync(HttpContext context) => context.Response.Send(json => json
        .Append('{')
        .AppendAll(proxies.All, (text, proxy) =>
        {
            ProxyView view = proxy.View;
            view.Append(text.AppendKey(view.Name), WantsExtensions(context));
        })
        .Append('}'));

    internal async Task CreateProxyAsync(HttpContext context)
    {
        ProxyView view = await proxies.AddAsync(ProxyInput.ReadNew(await ReadAsync(context)));
        await SendAsync(context, view, StatusCodes.Status201Created);
    }

    internal Task ShowProxyAsync(HttpContext context, string proxy) => SendAsync(context, proxies.Find(proxy).View);

    internal async Task UpdateProxyAsync(HttpContext context, string proxy)
    {
        ProxyEntry found = proxies.Find(proxy);
        await SendAsync(context, await found.UpdateAsync(ProxyInput.ReadChange(await ReadAsync(context))));
    }

    internal async Task DeleteProxyAsync(HttpContext context, string proxy)
    {
        await proxies.RemoveAsync(proxy);
        SendNothing(context);
    }

    internal async Task ResetAsync(HttpContext context)
    {
        foreach (ProxyEntry proxy in proxies.All)
        {
            await proxy.ResetAsync();
        }

        SendNothing(context);
    }

    /// <summary>Makes proxies one after the other. The answer has those that are there now, also when one fails.</summary>
    internal async Task PopulateAsync(HttpContext context)
    {
        var done = new List<ProxyView>();
        ApiException? error = null;
        try
        {
            foreach (ProxyInput proxy in ProxyInput.ReadList(await ReadAsync(context)))
            {
                done.Add(await proxies.ReplaceAsync(proxy));
            }
        }
        catch (ApiException exception)
        {
            error = exception;
        }

        await context.Response.Send(
            json => AppendPopulated(json, error, done, WantsExtensions(context)), error?.Status ?? StatusCodes.Status201Created);
    }

    internal Task ListToxicsAsync(HttpContext context, string proxy)
    {
        ProxyView view = proxies.Find(proxy).View;
        return context.Response.Send(json => view.AppendToxics(json, WantsExtensions(context)));
    }

    internal async Task CreateToxicAsync(HttpContext context, string proxy)
    {
        ProxyEntry found = proxies.Find(proxy);
        JsonElement body = await ReadAsync(context);
        ToxicEntry toxic = await found.AddToxicAsync(isTaken => ToxicEntry.Read(body, isTaken));
        await context.Response.Send(toxic.Append);
    }

    internal Task ShowToxicAsync(HttpContext context, string proxy, string toxic)
    {
        ToxicEntry found = proxies.Find(proxy).View.Find(toxic) ?? throw ApiException.NoToxic();
        return context.Response.Send(found.Append);
    }

    internal async Task UpdateToxicAsync(HttpContext context, string proxy, string toxic)
    {
        ProxyEntry found = proxies.Find(proxy);
        _ = found.View.Find(toxic) ?? throw ApiException.NoToxic();
        JsonElement body = await ReadAsync(context);
        ToxicEntry updated = await found.UpdateToxicAsync(toxic, present => present.Update(body));
        await context.Response.Send(updated.Append);
    }

    internal async Task DeleteToxicAsync(HttpContext context, string proxy, string toxic)
    {
        await proxies.Find(proxy).RemoveToxicAsync(toxic);
        SendNothing(context);
    }

    private static void AppendPopulated(StringBuilder json, ApiException? error, List<ProxyView> done, bool withExtensions)
    {
        json.Append('{');
        if (error is not null)
        {
            ToxiproxyAnswers.AppendError(json, error).Append(',');
        }

        json.AppendKey("proxies");
        _ = done.Count == 0
            ? json.Append("null")
            : json.Append('[').AppendAll(done, (text, view) => view.Append(text, withExtensions)).Append(']');
        json.Append('}');
    }

    private static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();

        // Kestrel's limits bound its length and its time.
        await context.Request.Body.CopyToAsync(body);
        return GoJson.ReadFirst(body.GetBuffer().AsSpan(0, (int)body.Length));
    }

    private static bool WantsExtensions(HttpContext context) => context.Request.Query["extensions"] == "1";

    private static Task SendAsync(HttpContext context, ProxyView view, int status = StatusCodes.Status200OK) =>
        context.Response.Send(json => view.Append(json, WantsExtensions(context)), status);

    private static void SendNothing(HttpContext context) => context.Response.StatusCode = StatusCodes.Status204NoContent;
}
