using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>Writes answers as toxiproxy's server does, headers included.</summary>
internal static class ToxiproxyAnswers
{
    internal const string JsonType = "application/json";
    private const string TextType = "text/plain; charset=utf-8";
    private const string RequestId = "X-Toxiproxy-Request-Id";

    // As long and of the letters of toxiproxy's, which are made by the package xid.
    private const string RequestIdLetters = "0123456789abcdefghijklmnopqrstuv";
    private const int RequestIdLength = 20;

    internal static void AddRequestId(this HttpResponse response) =>
        response.Headers[RequestId] = RandomNumberGenerator.GetString(RequestIdLetters, RequestIdLength);

    internal static Task Send(this HttpResponse response, string body, int status = StatusCodes.Status200OK, string type = JsonType)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes).AsTask();
    }

    internal static Task Send(this HttpResponse response, Action<StringBuilder> append, int status = StatusCodes.Status200OK)
    {
        var json = new StringBuilder();
        append(json);
        return response.Send(json.ToString(), status);
    }

    /// <summary>A text, in the way of Go's <c>http.Error</c>.</summary>
    internal static Task SendText(this HttpResponse response, int status, string line)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        return response.Send(line + "\n", status, TextType);
    }

    internal static Task SendError(this HttpResponse response, ApiException error) => response.SendText(
        error.Status, AppendError(new StringBuilder("{"), error).Append('}').ToString());

    internal static StringBuilder AppendError(StringBuilder json, ApiException error) => json
        .AppendKey("error").AppendText(error.Message).Append(',')
        .AppendKey("status").Append(CultureInfo.InvariantCulture, $"{error.Status}");
}
