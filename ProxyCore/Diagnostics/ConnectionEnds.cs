namespace ProxyCore.Diagnostics;

/// <summary>Hands each connection that has ended to the access log and to whoever listens to traces. Any thread.</summary>
internal sealed class ConnectionEnds(AccessLog accessLog, TimeProvider timeProvider)
{
    /// <summary>Whether somebody wants to know.</summary>
    internal bool AreWanted => accessLog.IsOn || ConnectionTraces.AreWanted;

    /// <summary>Tells of one; returns what somebody else's code has thrown.</summary>
    internal Exception? Tell(ConnectionReport report)
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
