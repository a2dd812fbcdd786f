namespace ProxyCore;

/// <summary>An open connection at one moment. Immutable. A test may make its own.</summary>
public sealed class ConnectionSnapshot
{
    /// <summary>
    /// What is known of it. Attempts and the times of connect and first byte are known only while there is an access log,
    /// an observer or a listener for traces.
    /// </summary>
    public required ConnectionReport Report { get; init; }

    /// <summary>Its bytes a second, both ways together, since the snapshot before this one.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>A short text for debuggers and messages of tests; its form may change.</summary>
    public override string ToString() => $"{Report}, now {BytesPerSecond:0} B/s";
}
