using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli;

/// <summary>Writes answers of plain text.</summary>
internal static class PlainAnswers
{
    internal static Task Answer(this HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=us-ascii";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }
}
