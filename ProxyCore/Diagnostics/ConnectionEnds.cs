namespace ProxyCore.Diagnostics;

/// <summary>Hands each connection that has ended to the access log and to the listeners to traces. Any thread.</summary>
internal sealed class ConnectionEnds(AccessLog accessLog, TimeProvider timeProvider)
{
    private readonly RefusalSampler _refusals = new(timeProvider);

    /// <summary>Whether there is an access log or a listener.</summary>
    internal bool AreWanted => accessLog.IsOn || ConnectionTraces.AreWanted;

    /// <summary>
    /// How many are missing from the access log, because other clients were refused for the same reason within the same
    /// second.
    /// </summary>
    internal long LeftOut => _refusals.LeftOut;

    /// <summary>Hands on one, unless it is one of many refusals; returns the exception that a listener threw.</summary>
    internal Exception? Report(ConnectionReport report)
    {
        if (report.Reason is { } reason && EndReasons.IsRefusedAtTheDoor(reason) && !_refusals.TryPick(reason, out _))
        {
            return null;
        }

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
