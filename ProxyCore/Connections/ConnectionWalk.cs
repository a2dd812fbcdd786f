namespace ProxyCore.Connections;

/// <summary>Looks at all connections of a loop, some at a time: between two parts the loop does what is ready.</summary>
internal static class ConnectionWalk
{
    /// <summary>How many connections are looked at in one turn: some 0.1 ms.</summary>
    internal const int AtATime = 1000;

    /// <summary>How many are ended in one turn: each takes two system calls that close its sockets.</summary>
    internal const int EndedAtATime = 32;

    /// <summary>
    /// Does <paramref name="look"/>, on the loop's thread, with each connection that is open now and has not ended when its
    /// turn comes. Completes when all are done, or the loop has ended. Any thread.
    /// </summary>
    /// <param name="shard">The loop.</param>
    /// <param name="atATime">How many in one turn of the loop.</param>
    /// <param name="look">What is done.</param>
    internal static async Task WalkAsync(this Shard shard, int atATime, Action<Connection> look)
    {
        List<Connection> all = await shard.AskAsync(shard.Routes.ToList, ended: []).ConfigureAwait(false);
        for (int start = 0; start < all.Count; start += atATime)
        {
            (int from, int to) = (start, Math.Min(start + atATime, all.Count));
            await shard.AskAsync(() => Look(all, from, to, look), ended: false).ConfigureAwait(false);
        }
    }

    private static bool Look(List<Connection> all, int from, int to, Action<Connection> look)
    {
        for (int index = from; index < to; index++)
        {
            if (all[index].Phase != ConnectionPhase.Closed)
            {
                look(all[index]);
            }
        }

        return true;
    }
}
