using System.IO.Hashing;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ProxyCore.Cli.Admin;

/// <summary>The files of the page, which are embedded in the command. A browser revalidates them at each load.</summary>
internal static class AdminPage
{
    private const string Folder = "Admin/";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The resource of each file, by the path of its URL.</summary>
    private static readonly Dictionary<string, string> _files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(static name => name == Folder + "index.html" ? "/" : name[(Folder.Length - 1)..], StringComparer.Ordinal);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, string resource) in _files)
        {
            Map(routes, path, resource);
        }
    }

    /// <summary>Whether a path belongs to a file of the page.</summary>
    internal static bool Has(string? path) => path is not null && _files.ContainsKey(path);

    /// <summary>Sets the headers that restrict a browser to what the page needs.</summary>
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

    private static void Map(IEndpointRouteBuilder routes, string path, string resource)
    {
        byte[] content = Read(resource);
        string contentType = ContentTypeOf(resource);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(XxHash128.Hash(content))}\"");
        routes.MapMethods(path, _methods, context => Answer(context, content, contentType, tag));
    }

    private static string ContentTypeOf(string resource) => Path.GetExtension(resource) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No file of the page may end with '{other}'."),
    };

    private static byte[] Read(string resource)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
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
