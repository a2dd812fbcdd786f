using System.Text.Json;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>A line of an access log in JSON, as a program would read it.</summary>
internal sealed record LoggedEnd(
    DateTimeOffset Time,
    long Id,
    string Route,
    string? Client,
    string? Upstream,
    string Reason,
    string EndedBy,
    string Phase,
    int? Attempts,
    long BytesToUpstream,
    long BytesToClient,
    double? ConnectMs,
    double? FirstByteMs,
    double DurationMs)
{
    private static readonly JsonSerializerOptions _format = new(JsonSerializerDefaults.Web);

    internal static LoggedEnd Parse(string line) => JsonSerializer.Deserialize<LoggedEnd>(line, _format)!;

    internal static LoggedEnd[] ReadAll(string path) => [.. File.ReadAllLines(path).Select(Parse)];
}
