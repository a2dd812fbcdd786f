using ProxyCore.Connections;
using ProxyCore.Connections.Running;
using ProxyCore.Diagnostics;
using ProxyCore.Sharing;

namespace ProxyCore;

/// <content>What is set by hand, in common with other proxies.</content>
public sealed partial class TcpProxy
{
    // Held while something is set by hand, so that the order of changes is that of their versions.
    private readonly SemaphoreSlim _setting = new(1);

    private SharedStateLink? _link;

    /// <summary>
    /// Shares what is set by hand with other proxies: what <see cref="DenyAsync"/>, <see cref="RemoveDenyAsync"/> and
    /// <see cref="SetUpstreamAsync"/> set on one of them from now on acts on all, and is there again after a restart. While the
    /// store is away each goes on with what it knows. It goes on until the proxy has stopped.
    /// </summary>
    /// <remarks>
    /// The later change wins. Routes and upstreams are the same on all proxies that have the same names and addresses: name the
    /// routes. What is set of one that a proxy does not have waits until it has. How much is left of the time of a denied address
    /// each proxy counts by its own clock. Connections end on all proxies when clients are denied with
    /// <see cref="DenyOptions.EndConnections"/>, and when an upstream is drained or disabled with
    /// <see cref="UpstreamChange.EndConnections"/>; without a state that ends those of this proxy alone.
    /// </remarks>
    /// <param name="state">Where it is kept. Belongs to the caller, who may dispose of it once the proxy has stopped.</param>
    /// <param name="cancellationToken">Gives up waiting; it is shared all the same.</param>
    /// <returns>Completes when the state was read, and is in force, or when it could not be read for the first time.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy is not running, or shares a state already.</exception>
    public Task ShareAsync(ISharedState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        ShardGroup shards = _life.RequireRunning().Shards;
        var link = new SharedStateLink(state, new SharedSettings(shards, _services.Logger), _setting, _services.TimeProvider, _services.Logger);
        if (Interlocked.CompareExchange(ref _link, link, null) is not null)
        {
            throw new InvalidOperationException("The proxy shares a state already.");
        }

        _ = ContextFree.Run(() => FollowAsync(link));
        return link.Tried.WaitAsync(cancellationToken);
    }

    private async Task FollowAsync(SharedStateLink link)
    {
        using var ended = new CancellationTokenSource();
        Task following = link.RunAsync(ended.Token);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
    }

    /// <summary>Sets something by hand, and shares it.</summary>
    private async Task<T> SetAsync<T>(Func<SharedStateLink?, Task<T>> set)
    {
        await _setting.WaitAsync().ConfigureAwait(false);
        try
        {
            return await set(Volatile.Read(ref _link)).ConfigureAwait(false);
        }
        finally
        {
            _setting.Release();
        }
    }
}
