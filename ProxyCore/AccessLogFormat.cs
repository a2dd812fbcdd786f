namespace ProxyCore;

/// <summary>What a line of an access log's file looks like.</summary>
public enum AccessLogFormat
{
    /// <summary>Made for people: columns, then figures with their names and units.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,
}
