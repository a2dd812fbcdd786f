using ProxyCore.Connections;
using ProxyCore.Connections.Statistics;

namespace ProxyCore;

/// <content>Open connections: found, and ended.</content>
public sealed partial class TcpProxy
{
    /// <summary>
    /// Finds open connections, the oldest first. The loops look at all that they have, some at a time, so that what is ready
    /// meanwhile waits for a fraction of a millisecond only.
    /// </summary>
    /// <param name="filter">Which ones. Default null: all.</param>
    /// <param name="after">
    /// Only those with a higher id: <see cref="ConnectionPage.Next"/> of the page before. Default 0. Ids never come again, so
    /// no connection is left out or given twice while others come and go.
    /// </param>
    /// <param name="most">How many a page has at most, from 1. Default 100.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The client in the filter is neither an address nor a range.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative, or <paramref name="most"/> below 1.</exception>
    public Task<ConnectionPage> FindConnectionsAsync(
        ConnectionFilter? filter = null, long after = 0, int most = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ConnectionMatch match = MatchOf(filter ?? new ConnectionFilter());
        return Running is { } run
            ? run.Shards.FindConnectionsAsync(match, after, most).WaitAsync(cancellationToken)
            : Task.FromResult(new ConnectionPage { Connections = [], Matching = 0 });
    }

    /// <summary>
    /// Ends connections, with a reset for both sides and <see cref="EndReason.Operator"/>; they have ended when this
    /// completes. Some at a time, as they are found by <see cref="FindConnectionsAsync"/>.
    /// </summary>
    /// <param name="filter">Which ones; it has to say something.</param>
    /// <param name="cancellationToken">Gives up waiting; they end all the same.</param>
    /// <returns>How many were ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="filter"/> is null.</exception>
    /// <exception cref="ArgumentException">The filter is empty, or its client is neither an address nor a range.</exception>
    public Task<int> EndConnectionsAsync(ConnectionFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.IsEmpty)
        {
            throw new ArgumentException("The filter is empty: all connections would end.", nameof(filter));
        }

        ConnectionMatch match = MatchOf(filter);
        return Running is { } run
            ? run.Shards.CutMatchingAsync(match, EndReason.Operator).WaitAsync(cancellationToken)
            : Task.FromResult(0);
    }

    private static ConnectionMatch MatchOf(ConnectionFilter filter) =>
        ConnectionMatch.TryMake(filter, out ConnectionMatch? match, out string? cause)
            ? match
            : throw new ArgumentException(cause, nameof(filter));
}
