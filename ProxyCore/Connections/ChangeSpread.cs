namespace ProxyCore.Connections;

/// <summary>Has the loops do their parts of a change of routes. Any thread, once.</summary>
/// <remarks>
/// The order keeps clients from a route that is not ready: first the pools are changed, then each loop gets the new set of routes, which is
/// one assignment, and changes its listeners, then the pools of routes that are gone stop. A loop does some of its steps in each turn
/// and serves its connections in between, so that a change of thousands of routes holds none of them up. A route that stays as it is has no
/// step at all.
/// </remarks>
/// <param name="change">The change.</param>
/// <param name="shards">The loops, of which the first has the pools.</param>
internal sealed class ChangeSpread(RouteSetChange change, IReadOnlyList<Shard> shards)
{
    /// <summary>How many steps a loop does in one turn at the most. Each takes some 10 µs, and a millisecond ends the turn before.</summary>
    internal const int MostInTurn = 64;

    /// <summary>Completes when every loop has done its part, or has ended.</summary>
    internal async Task RunAsync()
    {
        Shard first = shards[0];
        await first.BeginChangeAsync(change).ConfigureAwait(false);
        await DoAsync(first, change.PoolSteps).ConfigureAwait(false);
        await Task.WhenAll(shards.Select(ChangeListenersAsync)).ConfigureAwait(false);
        await DoAsync(first, change.LastSteps).ConfigureAwait(false);
    }

    private async Task ChangeListenersAsync(Shard shard)
    {
        await shard.UseAsync(change.Target).ConfigureAwait(false);
        await DoAsync(shard, change.ListenerStepsOf(shard)).ConfigureAwait(false);
    }

    private static Task DoAsync(Shard shard, IReadOnlyList<Action> steps) => shard.DoEachAsync(steps, MostInTurn, static step => step());
}
