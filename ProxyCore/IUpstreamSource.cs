namespace ProxyCore;

/// <summary>
/// Finds the servers of upstreams while the proxy runs, as a service discovery does. It is given to
/// <see cref="TcpProxyOptions.UpstreamSources"/> under a scheme: with the scheme <c>consul</c> it serves the upstreams whose
/// <see cref="UpstreamOptions.Address"/> is <c>consul:NAME</c>.
/// </summary>
/// <remarks>
/// <code>
/// public async IAsyncEnumerable&lt;IReadOnlyList&lt;UpstreamTarget&gt;&gt; WatchAsync(
///     string name, [EnumeratorCancellation] CancellationToken cancellationToken)
/// {
///     yield return [.. await AskAsync(name, cancellationToken)];
/// }
/// </code>
/// Members are called on threads of the pool, several at a time. One object may serve several proxies.
/// </remarks>
public interface IUpstreamSource
{
    /// <summary>
    /// Watches the servers of a name. Each item is the whole list, and replaces the one before; an empty one says that the name
    /// has no servers now.
    /// </summary>
    /// <remarks>
    /// <para>
    /// It is called once for each upstream, at the start or when a reload adds the upstream. Before the first list the upstream is
    /// <see cref="UpstreamState.Unresolved"/>; the proxy starts all the same. A server that stays in the list, by host and port,
    /// keeps its health, its connections and what was set by hand; one that leaves it drains.
    /// </para>
    /// <para>
    /// When it throws, the last list stays in use, and it is called again after a pause: 1 s, doubled at each failure in a row, up
    /// to 30 s. When it ends, it is called again after <see cref="RouteOptions.ResolveInterval"/>: so a source that can only be
    /// asked may yield one list and end. It is never called again for an upstream before the call before has ended.
    /// </para>
    /// </remarks>
    /// <param name="name">What stands behind the scheme in the address.</param>
    /// <param name="cancellationToken">Ends the watch: the proxy stops, or the upstream is not used any more.</param>
    /// <returns>The lists, of <see cref="UpstreamTarget.MaxCount"/> servers at most: the rest of a longer one is left out.</returns>
    IAsyncEnumerable<IReadOnlyList<UpstreamTarget>> WatchAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Says what is wrong with a name, when options are checked: as the end of a sentence, such as <c>it has no dot</c>. Null for a
    /// name that is good, as every name is by default. It must neither wait nor throw.
    /// </summary>
    /// <param name="name">What stands behind the scheme in the address; not empty.</param>
    string? FindFault(string name) => null;
}
