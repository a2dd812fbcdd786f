using System.IO.Hashing;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ProxyCore.Cli.Admin;

/// <summary>The files of the page, which are part of the command. A browser asks each time whether it still has the newest.</summary>
internal static class AdminPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/", "index.html", "text/html; charset=utf-8");
        Map(routes, "/admin.css", "admin.css", "text/css; charset=utf-8");
        Map(routes, "/admin.js", "admin.js", "text/javascript; charset=utf-8");
    }

    /// <summary>Tells the browser what it may do with an answer: nothing that the page does not need.</summary>
    internal static Task Secure(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string file, string contentType)
    {
        byte[] content = Read(file);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(XxHash128.Hash(content))}\"");
        routes.MapMethods(path, _methods, context => Answer(context, content, contentType, tag));
    }

    private static byte[] Read(string file)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Admin/{file}")!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static Task Answer(HttpContext context, byte[] content, string contentType, EntityTagHeaderValue tag)
    {
        ResponseHeaders headers = context.Response.GetTypedHeaders();
        headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(content).AsTask();
    }
}
