namespace ProxyCore.Diagnostics;

/// <summary>Hands each connection that has ended to the access log and to the listeners to traces. Any thread.</summary>
internal sealed class ConnectionEnds(AccessLog accessLog, TimeProvider timeProvider)
{
    /// <summary>Whether there is an access log or a listener.</summary>
    internal bool AreWanted => accessLog.IsOn || ConnectionTraces.AreWanted;

    /// <summary>Hands on one; returns the exception that a listener threw.</summary>
    internal Exception? Report(ConnectionReport report)
    {
        try
        {
            var ended = new EndedConnection(report, timeProvider.GetUtcNow());
            accessLog.Add(ended);
            ConnectionTraces.Add(ended);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
