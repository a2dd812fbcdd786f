using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ProxyCore.Settings;

namespace ProxyCore.Cli.Admin;

/// <summary>The bodies of requests to the API: which requests may have one, how long it may be, and how it is read.</summary>
internal static class AdminBody
{
    /// <summary>How many bytes a body may have.</summary>
    internal const int MostBytes = 16 * 1024;

    /// <summary>Whether a request may have a body.</summary>
    internal static bool MayHave(HttpRequest request) => ToxicApi.MayHaveBody(request) || UpstreamApi.MayHaveBody(request) || DenyApi.MayHaveBody(request);

    /// <summary>Reads a body that is one JSON object; null, and an error, when it is none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">What errors call the object.</param>
    /// <param name="errors">What is wrong is added here.</param>
    internal static async Task<TreeNode?> ReadAsync(HttpContext context, string name, ValidationErrors errors)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        try
        {
            return JsonConfiguration.ReadObject(body.ToArray(), name, errors);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            errors.Refuse(name, exception is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
                ? FormattableString.Invariant($"is no JSON: see line {line + 1}, byte {position + 1}")
                : exception.Message);
            return null;
        }
    }
}
