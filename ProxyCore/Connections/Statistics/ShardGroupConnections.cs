namespace ProxyCore.Connections.Statistics;

/// <summary>Looks at the connections of all shards of a proxy: samples, searches, ends. Any thread.</summary>
internal static class ShardGroupConnections
{
    /// <summary>The oldest connections and the busiest.</summary>
    /// <param name="group">The shards.</param>
    /// <param name="most">How many: half of them the busiest, half the oldest.</param>
    internal static async Task<IReadOnlyList<ConnectionSnapshot>> TakeConnectionsAsync(this ShardGroup group, int most)
    {
        IReadOnlyList<ConnectionSnapshot>[] sampled =
            await Task.WhenAll(group.Shards.Select(shard => SampleAsync(shard, most))).ConfigureAwait(false);
        return ConnectionSample.Pick([.. sampled.SelectMany(static one => one)], most);
    }

    /// <summary>The connections that match, those with the lowest ids behind <paramref name="after"/>.</summary>
    internal static async Task<ConnectionPage> FindConnectionsAsync(this ShardGroup group, ConnectionMatch match, long after, int most)
    {
        (ConnectionSearch Search, IReadOnlyList<ConnectionSnapshot> Found)[] found =
            await Task.WhenAll(group.Shards.Select(shard => SearchAsync(shard, match, after, most))).ConfigureAwait(false);
        ConnectionSnapshot[] all = [.. found.SelectMany(static one => one.Found).OrderBy(static one => one.Report.Id)];
        ConnectionSnapshot[] page = [.. all.Take(most)];
        bool isLast = page.Length == 0 || (all.Length == page.Length && found.All(static one => one.Search.Further == 0));
        return new ConnectionPage
        {
            Connections = page,
            Matching = found.Sum(static one => one.Search.Matching),
            Next = isLast ? null : page[^1].Report.Id,
        };
    }

    /// <summary>Ends the connections that match; returns how many.</summary>
    internal static async Task<int> CutMatchingAsync(this ShardGroup group, ConnectionMatch match, EndReason reason)
    {
        int[] ended = await Task.WhenAll(group.Shards.Select(shard => CutMatchingAsync(shard, match, reason))).ConfigureAwait(false);
        return ended.Sum();
    }

    private static async Task<IReadOnlyList<ConnectionSnapshot>> SampleAsync(Shard shard, int most)
    {
        ConnectionSample? sample = await shard.AskAsync<ConnectionSample?>(() => shard.Sampler.Begin(most), ended: null).ConfigureAwait(false);
        if (sample is null)
        {
            return [];
        }

        await shard.WalkAsync(ConnectionWalk.AtATime, sample.Look).ConfigureAwait(false);
        return await shard.AskAsync(sample.End, ended: []).ConfigureAwait(false);
    }

    private static async Task<(ConnectionSearch Search, IReadOnlyList<ConnectionSnapshot> Found)> SearchAsync(
        Shard shard, ConnectionMatch match, long after, int most)
    {
        var search = new ConnectionSearch(match, after, most, shard.Sampler);
        await shard.WalkAsync(ConnectionWalk.AtATime, search.Look).ConfigureAwait(false);
        return (search, await shard.AskAsync(search.Take, ended: []).ConfigureAwait(false));
    }

    private static async Task<int> CutMatchingAsync(Shard shard, ConnectionMatch match, EndReason reason)
    {
        int ended = 0;
        await shard.WalkAsync(ConnectionWalk.EndedAtATime, connection =>
        {
            if (match.Matches(connection))
            {
                connection.Cut(reason);
                ended++;
            }
        }).ConfigureAwait(false);
        return ended;
    }
}
