using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ProxyCore.Cli.Admin;

/// <summary>The part of the API that load balancers and clusters ask: is it alive, does it take clients.</summary>
internal sealed class HealthApi(Func<TcpProxy?> proxy)
{
    // Some load balancers check health with HEAD.
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", _methods, Healthz);
        routes.MapMethods("/readyz", _methods, Readyz);
    }

    private static bool HasFailed(TcpProxy? proxy) => proxy is { Completion.IsFaulted: true };

    private Task Healthz(HttpContext context) => HasFailed(proxy())
        ? context.Answer(StatusCodes.Status503ServiceUnavailable, "failed")
        : context.Answer(StatusCodes.Status200OK, "ok");

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
            ? context.Answer(StatusCodes.Status200OK, "ok")
            : context.Answer(StatusCodes.Status503ServiceUnavailable, whyNot);
    }
}
