using Microsoft.AspNetCore.Http;
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

        if (request.ContentLength > 0 || request.Headers.ContainsKey(HeaderNames.TransferEncoding))
        {
            return context.Error(StatusCodes.Status413PayloadTooLarge, "no request has a body here");
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
