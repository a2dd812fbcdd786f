namespace ProxyCore.Sharing;

/// <summary>A store whose calls take 2 s at most, whether or not it obeys its tokens. Any thread, one call at a time.</summary>
/// <param name="store">The store.</param>
/// <param name="clock">The clock.</param>
internal sealed class BoundedStore(ISharedState store, TimeProvider clock)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    /// <exception cref="TimeoutException">It does not answer in time.</exception>
    /// <exception cref="Exception">It does not serve.</exception>
    internal Task SubscribeAsync(Action changed, CancellationToken ended) => CallAsync(
        async token =>
        {
            await store.SubscribeAsync(changed, token).ConfigureAwait(false);
            return true;
        },
        ended);

    /// <inheritdoc cref="SubscribeAsync"/>
    internal Task<SharedChanges> ReadAsync(string? since, CancellationToken ended) => CallAsync(token => store.ReadAsync(since, token), ended);

    /// <inheritdoc cref="SubscribeAsync"/>
    internal Task WriteAsync(IReadOnlyList<SharedRecord> records, CancellationToken ended) => CallAsync(
        async token =>
        {
            await store.WriteAsync(records, token).ConfigureAwait(false);
            return true;
        },
        ended);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken ended)
    {
        using var limit = new CancellationTokenSource(_limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        try
        {
            return await call(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_limit.TotalSeconds:0} s");
        }
    }
}
