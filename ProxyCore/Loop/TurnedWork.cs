namespace ProxyCore.Loop;

/// <summary>
/// Work with each of many items, some of them in each turn of a loop: between two turns the loop serves what is ready, so
/// that no connection waits for the whole. Belongs to the loop's thread.
/// </summary>
/// <param name="loop">The loop.</param>
/// <param name="items">The items.</param>
/// <param name="mostInTurn">How many are worked with in one turn at the most, however fast it goes.</param>
/// <param name="work">What is done with each.</param>
internal sealed class TurnedWork<T>(SelectLoop loop, IReadOnlyList<T> items, int mostInTurn, Action<T> work)
{
    /// <summary>After this time in one turn the rest waits for the next. The item that is being worked with is ended first.</summary>
    internal static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(1);

    private int _next;

    /// <summary>Works with the next items; returns whether any are left.</summary>
    internal bool DoSome()
    {
        loop.ReadClock();
        TimeSpan until = loop.Now + LongestTurn;
        int end = Math.Min(items.Count, _next + mostInTurn);
        while (_next < end && loop.Now < until)
        {
            work(items[_next++]);
            loop.ReadClock();
        }

        return _next < items.Count;
    }

    /// <summary>Works with some in this turn, and with the others in the next ones.</summary>
    internal void DoAll(ILoopMember owner)
    {
        if (DoSome())
        {
            loop.Post(owner, () => DoAll(owner));
        }
    }
}
