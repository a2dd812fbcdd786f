namespace ProxyCore;

/// <summary>An open connection at one moment. Immutable.</summary>
public sealed class ConnectionSnapshot
{
    internal ConnectionSnapshot()
    {
    }

    /// <summary>
    /// What is known of it. Who observes connections, or has an access log, is told more: without, attempts are not
    /// counted, nor are the times noted at which it was connected and the first byte came.
    /// </summary>
    public required ConnectionReport Report { get; init; }

    /// <summary>How many bytes it has carried a second, both ways together, since the snapshot before this one.</summary>
    public required double BytesPerSecond { get; init; }
}
