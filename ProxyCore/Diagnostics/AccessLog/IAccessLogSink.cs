namespace ProxyCore.Diagnostics;

/// <summary>Where the events of an access log go. One thread at a time; it may take its time, and never throws.</summary>
internal interface IAccessLogSink
{
    /// <summary>Writes a batch; returns what was lost of it, null for nothing.</summary>
    AccessLogLoss? Write(IReadOnlyList<EndedConnection> batch);
}
