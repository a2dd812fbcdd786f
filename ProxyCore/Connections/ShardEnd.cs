using ProxyCore.Loop;

namespace ProxyCore.Connections;

/// <summary>How a shard comes to its end: it drains or is cut, and its loop stops once nothing is left. Belongs to the loop's thread.</summary>
/// <param name="shard">The shard.</param>
/// <param name="handed">The clients that other loops have accepted for it.</param>
internal sealed class ShardEnd(Shard shard, HandedClients handed)
{
    private bool _isNeeded = shard.HasPools;
    private bool _isDraining;

    /// <summary>Why its connections are cut; null unless they are.</summary>
    internal EndReason? CutReason { get; private set; }

    /// <summary>Stops accepting, and waits for the connections.</summary>
    /// <param name="timeout">How long they may go on.</param>
    /// <param name="listenersClosed">Called when no new client comes; the queued ones are still accepted.</param>
    /// <param name="overdue">Called when the timeout is over.</param>
    internal void Drain(TimeSpan timeout, Action listenersClosed, Action overdue)
    {
        shard.Listeners.Drain(timeout);
        listenersClosed();
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        shard.Loop.Arm(new CallbackTimer(shard, overdue), timeout);
        StopIfDrained();
    }

    /// <summary>Ends all connections at once; the first reason wins.</summary>
    internal void Cut(EndReason reason)
    {
        _isDraining = true;
        CutReason ??= reason;
        shard.Listeners.Close();
        shard.Routes.CutAll(reason);
        StopIfDrained();
    }

    /// <summary>All other shards have ended: so may this one, which has had the pools for them.</summary>
    internal void ReleaseNeed()
    {
        _isNeeded = false;
        StopIfDrained();
    }

    /// <summary>Waits for the clients that are still queued at a listener, or were handed over by another loop.</summary>
    internal void StopIfDrained()
    {
        if (_isDraining && !_isNeeded && shard.Connections == 0 && shard.Listeners.Draining.Count == 0 && handed.TryClose())
        {
            shard.Loop.Stop();
        }
    }
}
