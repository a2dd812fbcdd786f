namespace ProxyCore.Settings;

/// <summary>The user's code that takes part in every connection. Immutable; what it calls has rules of its own.</summary>
/// <param name="Selector">Chooses routes; null if the endpoint does.</param>
/// <param name="Observers">Called at the steps of each connection.</param>
internal sealed record Extensions(IRouteSelector? Selector, ValueList<IConnectionObserver> Observers)
{
    /// <summary>Whether anybody observes connections.</summary>
    internal bool Observes => Observers.Count > 0;

    internal void TellAccepted(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in Observers.AsSpan())
        {
            observer.OnAccepted(report);
        }
    }

    internal void TellRelaying(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in Observers.AsSpan())
        {
            observer.OnRelaying(report);
        }
    }

    /// <summary>Tells everybody, also when one throws; returns what was thrown.</summary>
    internal Exception? TellEnded(ConnectionReport report)
    {
        Exception? thrown = null;
        foreach (IConnectionObserver observer in Observers.AsSpan())
        {
            try
            {
                observer.OnEnded(report);
            }
            catch (Exception exception)
            {
                thrown ??= exception;
            }
        }

        return thrown;
    }
}
