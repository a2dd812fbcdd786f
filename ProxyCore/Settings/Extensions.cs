namespace ProxyCore.Settings;

/// <summary>The user's code that takes part in every connection. Immutable; what it calls has rules of its own.</summary>
/// <param name="Selector">Chooses routes; null if the endpoint does.</param>
/// <param name="Observers">Called at the steps of each connection.</param>
/// <param name="UpstreamObservers">Called when the health of an upstream has changed.</param>
internal sealed record Extensions(
    IRouteSelector? Selector, ValueList<IConnectionObserver> Observers, ValueList<IUpstreamObserver> UpstreamObservers)
{
    /// <summary>Whether anybody observes connections.</summary>
    internal bool Observes => Observers.Count > 0;

    internal void ReportAccepted(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in Observers.AsSpan())
        {
            observer.OnAccepted(report);
        }
    }

    internal void ReportRelaying(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in Observers.AsSpan())
        {
            observer.OnRelaying(report);
        }
    }

    /// <summary>Calls every observer, also when one throws; returns the first exception.</summary>
    internal Exception? ReportEnded(ConnectionReport report) =>
        ReportAll(Observers.AsSpan(), report, static (observer, report) => observer.OnEnded(report));

    /// <summary>Calls every observer, also when one throws; returns the first exception.</summary>
    internal Exception? ReportStateChanged(UpstreamReport report) =>
        ReportAll(UpstreamObservers.AsSpan(), report, static (observer, report) => observer.OnStateChanged(report));

    private static Exception? ReportAll<TObserver, TReport>(
        ReadOnlySpan<TObserver> observers, TReport report, Action<TObserver, TReport> call)
    {
        Exception? thrown = null;
        foreach (TObserver observer in observers)
        {
            try
            {
                call(observer, report);
            }
            catch (Exception exception)
            {
                thrown ??= exception;
            }
        }

        return thrown;
    }
}
