namespace ProxyCore.Tests.Toxiproxy;

/// <summary>An answer of the API: what a client could see of it.</summary>
internal sealed record Answer(int Status, string? ContentType, string Body)
{
    internal const string Json = "application/json";
    internal const string Text = "text/plain; charset=utf-8";

    /// <summary>What stands in <c>X-Toxiproxy-Request-Id</c>; null without.</summary>
    internal string? RequestId { get; init; }

    /// <summary>An error, in the form that all have but those of populate.</summary>
    internal static Answer Error(int status, string message) => new(status, Text, $"{{\"error\":\"{message}\",\"status\":{status}}}\n");

    internal static Answer Empty(int status) => new(status, null, "");

    internal static Answer Ok(string json, int status = 200) => new(status, Json, json);

    /// <summary>The same without the identifier, which differs each time.</summary>
    internal Answer WithoutId() => this with { RequestId = null };
}
