namespace ProxyCore;

/// <summary>
/// What is learned of a connection while it lives. A <see cref="ConnectionReport"/> has a copy of it as a whole: a fact
/// that is added here and as a property there is in every report.
/// </summary>
internal struct ConnectionFacts
{
    internal ClientIdentity? Client { get; set; }

    internal string? Upstream { get; set; }

    internal TlsInfo? UpstreamTls { get; set; }

    internal string? Toxic { get; set; }

    internal int Attempts { get; set; }

    internal TimeSpan? ConnectTime { get; set; }

    internal TimeSpan? FirstByteTime { get; set; }
}
