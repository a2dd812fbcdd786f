using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace ProxyCore.Cli.Admin;

/// <summary>Decides whether a request to the admin page is allowed, before it is handled.</summary>
internal sealed class AdminGuard(AdminSettings settings)
{
    private const string Scheme = "Bearer ";

    // Most health checks can't send a token.
    private static readonly string[] _open = ["/healthz", "/readyz"];

    private readonly HostCheck _hosts = new(settings.Endpoint);

    internal Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        if (!_hosts.Allows(request))
        {
            return context.Error(
                StatusCodes.Status421MisdirectedRequest, "the admin page listens on this machine only: ask localhost for it");
        }

        if (FindFaultOfBody(context) is { } fault)
        {
            return context.Error(StatusCodes.Status413PayloadTooLarge, fault);
        }

        if (settings.Token is { } token && !IsOpen(request.Path.Value) && !Knows(token, request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return context.Error(StatusCodes.Status401Unauthorized, "the admin token is needed: Authorization: Bearer TOKEN");
        }

        return next(context);
    }

    /// <summary>Allows changes only with the token, and only from the admin page itself or from no browser.</summary>
    internal Task ChangeAsync(HttpContext context, RequestDelegate next) => (settings.Token, IsSameOrigin(context.Request)) switch
    {
        (null, _) => context.Error(
            StatusCodes.Status403Forbidden, "nothing can be changed without a token: start with --admin-token-file"),
        (_, false) => context.Error(StatusCodes.Status403Forbidden, "the request comes from another page"),
        _ => next(context),
    };

    /// <summary>What is wrong with the body of a request; null when it has none, or may have it.</summary>
    private static string? FindFaultOfBody(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (ToxicApi.MayHaveBody(request))
        {
            // Also for a request that is refused: the server resets the connection behind a body that it does not allow, and
            // the client may lose the answer.
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = ToxicApi.MostBytes;
            return request.ContentLength > ToxicApi.MostBytes ? $"a toxic has at most {ToxicApi.MostBytes} bytes" : null;
        }

        return request.ContentLength > 0 || request.Headers.ContainsKey(HeaderNames.TransferEncoding) ? "this request has no body" : null;
    }

    /// <summary>Whether a path needs no token: the files of the page and health.</summary>
    private static bool IsOpen(string? path) => AdminPage.Has(path) || _open.Contains(path, StringComparer.Ordinal);

    private static bool Knows(AdminToken token, HttpRequest request) =>
        request.Headers.Authorization is [{ } given]
        && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && token.Matches(given.AsSpan(Scheme.Length));

    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"]
        && (request.Headers.Origin is [] || request.Headers.Origin == $"{request.Scheme}://{request.Host}");
}
