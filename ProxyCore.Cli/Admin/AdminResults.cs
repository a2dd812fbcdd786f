using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli.Admin;

/// <summary>Writes JSON answers of the admin page.</summary>
internal static class AdminResults
{
    internal static Task Json(this HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json).AsTask();
    }

    /// <summary>Where a request comes from, for the log.</summary>
    internal static string ClientName(this HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "a Unix socket";

    internal static Task Error(this HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Json(JsonSerializer.SerializeToUtf8Bytes(new ErrorView(error), AdminJson.Default.ErrorView));
    }
}
