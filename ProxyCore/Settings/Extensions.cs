namespace ProxyCore.Settings;

/// <summary>The user's code that takes part in every connection. Immutable; what it calls has rules of its own.</summary>
internal sealed class Extensions(IRouteSelector? selector, IReadOnlyList<IConnectionObserver> observers)
{
    internal IRouteSelector? Selector => selector;

    /// <summary>Whether anybody observes connections.</summary>
    internal bool Observes => observers.Count > 0;

    internal void TellAccepted(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in observers)
        {
            observer.OnAccepted(report);
        }
    }

    internal void TellRelaying(ConnectionReport report)
    {
        foreach (IConnectionObserver observer in observers)
        {
            observer.OnRelaying(report);
        }
    }

    /// <summary>Tells everybody, also when one throws; returns what was thrown.</summary>
    internal Exception? TellEnded(ConnectionReport report)
    {
        Exception? thrown = null;
        foreach (IConnectionObserver observer in observers)
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
