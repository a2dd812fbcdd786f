using ProxyCore.Connections;
using ProxyCore.Settings;
using ProxyCore.Sharing;

namespace ProxyCore;

/// <content>Upstreams at run time.</content>
public sealed partial class TcpProxy
{
    /// <summary>
    /// Changes an upstream by hand: whether it gets connections, its weight, its maximum. It holds until it is changed again
    /// or the proxy ends, over changes by <see cref="ApplyAsync"/> too. Clients that wait get what becomes free at once.
    /// </summary>
    /// <remarks>While all upstreams of a route are drained or disabled by hand, its clients wait in the queue of the route.</remarks>
    /// <param name="change">What changes.</param>
    /// <param name="cancellationToken">Gives up waiting; the change goes on.</param>
    /// <returns>Whether there is such an upstream.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="change"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A value is out of its range, there is no such route, or no route is named and there are several. Nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The proxy is not running.</exception>
    public Task<bool> SetUpstreamAsync(UpstreamChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var errors = new ValidationErrors();
        errors.RequireNamed(change.State ?? default, nameof(change.State));
        errors.RequireCount(change.Weight ?? 0, nameof(change.Weight), OptionLimits.Weight);
        errors.RequireCount(change.MaxConnections ?? 1, nameof(change.MaxConnections), OptionLimits.AnyCount);
        if (errors.Any)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors.Lines), nameof(change));
        }

        ShardGroup shards = _life.RequireRunning().Shards;
        return ChangeAsync(shards, FindRoute(shards, change.Route), change).WaitAsync(cancellationToken);
    }

    private Task<bool> ChangeAsync(ShardGroup shards, Route route, UpstreamChange change) => SetAsync(async link =>
    {
        bool isThere = await shards.TryChangeAsync(route, change).ConfigureAwait(false);
        foreach ((SharedKey key, string? value) in isThere && link is not null ? SharedKey.OfChange(route.Settings.Name, change) : [])
        {
            link!.Note(key, value, remaining: null);
        }

        return isThere;
    });
}
