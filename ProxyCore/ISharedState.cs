namespace ProxyCore;

/// <summary>
/// A store that several proxies keep in common what was set by hand in: denied clients, and states, weights and maximums of
/// upstreams. See <see cref="TcpProxy.ShareAsync"/>. The command has one in Redis.
/// </summary>
/// <remarks>
/// A proxy calls one method at a time, never on a loop's thread, and waits 2 s at most for each. It takes a method that throws,
/// or does not complete in time, for a store that is away: then it goes on with what it knows and tries again, from
/// <see cref="SubscribeAsync"/> on, each second. Which of two records is newer is decided by the proxies; the store only
/// compares: <see cref="SharedRecord.IsNewerThan"/>.
/// </remarks>
public interface ISharedState
{
    /// <summary>
    /// Has <paramref name="changed"/> called, on any thread, soon after somebody has written. A call may be missing, or be one too
    /// many: what has changed is read all the same, each second. It is called again before each whole reading, and then takes
    /// the place of the subscription before.
    /// </summary>
    /// <param name="changed">To be called; it returns at once and does not throw.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the subscription is in force: what is written afterwards is told.</returns>
    Task SubscribeAsync(Action changed, CancellationToken cancellationToken);

    /// <summary>Reads what was written since a mark, or all.</summary>
    /// <param name="since">The mark of the last answer; null to read all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was written since, or, when that can't be told any more, all.</returns>
    Task<SharedChanges> ReadAsync(string? since, CancellationToken cancellationToken);

    /// <summary>
    /// Writes each record, unless there is one of its key that is as new or newer. From then on it is read, until its time is over.
    /// </summary>
    /// <param name="records">The records, 500 at most.</param>
    /// <param name="cancellationToken">Gives up; some may be written.</param>
    Task WriteAsync(IReadOnlyList<SharedRecord> records, CancellationToken cancellationToken);
}
