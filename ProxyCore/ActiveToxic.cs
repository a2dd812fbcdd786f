using ProxyCore.Connections;
using ProxyCore.Connections.Faults;
using ProxyCore.Settings;

namespace ProxyCore;

/// <summary>A toxic that was added to a running proxy: see <see cref="TcpProxy.AddToxicAsync"/>. Any thread.</summary>
/// <remarks>Disposing removes it, so that <c>await using</c> bounds a fault to a block.</remarks>
public sealed class ActiveToxic : IAsyncDisposable
{
    private readonly ShardGroup _shards;
    private readonly RouteToxics _all;
    private readonly RouteToxic _toxic;

    internal ActiveToxic(ShardGroup shards, string route, RouteToxics all, RouteToxic toxic)
    {
        _shards = shards;
        _all = all;
        _toxic = toxic;
        Route = route;
    }

    /// <summary>What it is called; unique on its route.</summary>
    public string Name => _toxic.Name;

    /// <summary>The name of its route.</summary>
    public string Route { get; }

    /// <summary>What it does now, in an object of its own.</summary>
    public Toxic Toxic => Copy(_toxic);

    /// <summary>How many connections it has acted on.</summary>
    public long Connections => _toxic.Connections;

    /// <summary>How many connections it has ended.</summary>
    public long EndedConnections => _toxic.Ended;

    /// <summary>Changes what it does, on open connections too; completes when all of them follow.</summary>
    /// <param name="toxic">
    /// A toxic of the same type. Its name and stream have no effect: they stay. Change what <see cref="Toxic"/> returns.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting; the change goes on.</param>
    /// <returns>False when it has been removed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="toxic"/> is null.</exception>
    /// <exception cref="ArgumentException">It has errors, or is of another type. Nothing has changed.</exception>
    public async Task<bool> UpdateAsync(Toxic toxic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(toxic);
        Toxic present = _toxic.Settings.Toxic;
        if (toxic.Type != present.Type)
        {
            throw new ArgumentException($"'{Name}' is of the type {present.Type}, which can't be changed to {toxic.Type}", nameof(toxic));
        }

        Toxic changed = toxic.Copy();
        changed.Name = Name;
        changed.Stream = present.Stream;
        bool isThere = _all.TryChange(_toxic, ToxicReader.Read(changed));
        if (isThere)
        {
            await _shards.FollowToxicsAsync(_all).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return isThere;
    }

    /// <summary>
    /// Removes it. What it holds back goes on at once, in order; open connections live on, but for those of a
    /// <see cref="TimeoutToxic"/>. Completes when all connections have done so.
    /// </summary>
    /// <param name="cancellationToken">Gives up waiting; the removal goes on.</param>
    /// <returns>False when it had been removed before.</returns>
    public async Task<bool> RemoveAsync(CancellationToken cancellationToken = default)
    {
        bool isThere = _all.TryRemove(_toxic);
        if (isThere)
        {
            await _shards.FollowToxicsAsync(_all).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return isThere;
    }

    /// <summary>Removes it: see <see cref="RemoveAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await RemoveAsync().ConfigureAwait(false);

    /// <summary>Its route and name, and what it does.</summary>
    public override string ToString() => $"{Route}: {Name}: {_toxic.Settings.Toxic}";

    private static Toxic Copy(RouteToxic toxic)
    {
        Toxic copy = toxic.Settings.Toxic.Copy();
        copy.Name = toxic.Name;
        return copy;
    }
}
