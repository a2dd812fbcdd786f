namespace ProxyCore.Cli;

/// <summary>What a log line looks like.</summary>
internal enum LogFormat
{
    /// <summary>The course's lines: <c>[INFO] Server listening on port 8080</c>.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}
