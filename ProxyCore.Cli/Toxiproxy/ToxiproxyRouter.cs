using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>
/// Finds what answers a request, in toxiproxy's order: an unknown path is 404, a wrong method 405, then browsers are refused.
/// </summary>
/// <remarks>
/// Not by ASP.NET Core's routing, which takes a trailing slash for the same path, and paths in any case.
/// </remarks>
internal sealed class ToxiproxyRouter(ToxiproxyApi api, Metrics? metrics)
{
    private const string Browser = "Mozilla/";

    internal async Task InvokeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        string[] path = PathOf(context);
        if (MethodsOf(path) is not { } methods)
        {
            await response.SendText(StatusCodes.Status404NotFound, "404 page not found");
            return;
        }

        if (!methods.Contains(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        response.AddRequestId();
        if (WhyRefused(context.Request) is { } cause)
        {
            await response.SendText(StatusCodes.Status403Forbidden, cause);
            return;
        }

        try
        {
            await AnswerAsync(context, path);
        }
        catch (ApiException exception)
        {
            await response.SendError(exception);
        }
        catch (BadHttpRequestException exception)
        {
            await response.SendError(new ApiException(exception.StatusCode, $"bad request body: {exception.Message}"));
        }
    }

    /// <summary>
    /// The parts of the path, decoded. A slash that was encoded parts them too, as with Go; the path that Kestrel has decoded
    /// can't tell it from what was encoded twice.
    /// </summary>
    private static string[] PathOf(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return target.StartsWith('/')
            ? Uri.UnescapeDataString(target.Split('?')[0][1..]).Split('/')
            : context.Request.Path.Value!.Split('/')[1..];
    }

    /// <summary>
    /// A page of a site can have the browser send requests here. Browsers say that they are one, and where a request comes
    /// from when it is one that changes something.
    /// </summary>
    private static string? WhyRefused(HttpRequest request) =>
        request.Headers.UserAgent.ToString().StartsWith(Browser, StringComparison.Ordinal) ? "User agent not allowed"
        : request.Headers.Origin.Count > 0 ? "Origin not allowed"
        : null;

    private string[]? MethodsOf(string[] path) => path switch
    {
        ["version"] => ["GET"],
        ["proxies"] => ["GET", "POST"],
        ["proxies", { Length: > 0 }] => ["GET", "POST", "PATCH", "DELETE"],
        ["proxies", { Length: > 0 }, "toxics"] => ["GET", "POST"],
        ["proxies", { Length: > 0 }, "toxics", { Length: > 0 }] => ["GET", "POST", "PATCH", "DELETE"],
        ["populate"] or ["reset"] => ["POST"],
        ["metrics"] when metrics is not null => ["GET", "HEAD"],
        _ => null,
    };

    private Task AnswerAsync(HttpContext context, string[] path) => (path, context.Request.Method) switch
    {
        (["version"], _) => ToxiproxyApi.VersionAsync(context),
        (["proxies"], "GET") => api.ListProxiesAsync(context),
        (["proxies"], _) => api.CreateProxyAsync(context),
        (["proxies", var proxy], "GET") => api.ShowProxyAsync(context, proxy),
        (["proxies", var proxy], "DELETE") => api.DeleteProxyAsync(context, proxy),
        (["proxies", var proxy], _) => api.UpdateProxyAsync(context, proxy),
        (["proxies", var proxy, _], "GET") => api.ListToxicsAsync(context, proxy),
        (["proxies", var proxy, _], _) => api.CreateToxicAsync(context, proxy),
        (["proxies", var proxy, _, var toxic], "GET") => api.ShowToxicAsync(context, proxy, toxic),
        (["proxies", var proxy, _, var toxic], "DELETE") => api.DeleteToxicAsync(context, proxy, toxic),
        (["proxies", var proxy, _, var toxic], _) => api.UpdateToxicAsync(context, proxy, toxic),
        (["populate"], _) => api.PopulateAsync(context),
        (["reset"], _) => api.ResetAsync(context),
        _ => metrics!.AnswerAsync(context),
    };
}
