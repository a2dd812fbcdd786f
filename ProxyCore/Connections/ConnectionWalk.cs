using ProxyCore.Loop;

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
    /// turn comes. What it throws ends that connection. Completes when all are done, or the loop has ended. Any thread.
    /// </summary>
    /// <param name="shard">The loop.</param>
    /// <param name="atATime">How many in one turn of the loop.</param>
    /// <param name="look">What is done.</param>
    internal static async Task WalkAsync(this Shard shard, int atATime, Action<Connection> look)
    {
        List<Connection> all = await shard.AskAsync(shard.Routes.ToList, ended: []).ConfigureAwait(false);
        await shard.DoEachAsync(all, atATime, connection => Look(connection, look)).ConfigureAwait(false);
    }

    private static void Look(Connection connection, Action<Connection> look)
    {
        if (connection.Phase == ConnectionPhase.Closed)
        {
            return;
        }

        try
        {
            look(connection);
        }
        catch (Exception exception)
        {
            ((ILoopMember)connection).Fault(exception);
        }
    }
}
