namespace ProxyCore.Cli;

/// <summary>The format of a log line.</summary>
internal enum LogFormat
{
    /// <summary>The course's lines: <c>[INFO] Server listening on port 8080</c>.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
