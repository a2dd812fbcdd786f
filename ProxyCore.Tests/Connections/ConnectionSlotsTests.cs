using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>Never more than the maximum, nobody overtakes, and no place is lost.</summary>
internal sealed class ConnectionSlotsTests
{
    [Test]
    public void A_place_that_becomes_free_goes_to_who_stands_longest_in_line()
    {
        var slots = new ConnectionSlots(1);
        List<string> granted = [];
        slots.TryEnter();
        slots.EnterOrStandInLine(() => granted.Add("first"));
        slots.EnterOrStandInLine(() => granted.Add("second"));

        slots.Leave();
        Assert.That(granted, Is.EqualTo(["first"]));

        slots.Leave();
        Assert.That(granted, Is.EqualTo(["first", "second"]));
    }

    [Test]
    public void A_newcomer_does_not_overtake_who_was_granted_the_place()
    {
        var slots = new ConnectionSlots(1);
        slots.TryEnter();
        slots.EnterOrStandInLine(static () => { });

        slots.Leave();

        Assert.That(slots.TryEnter(), Is.False);
    }

    [Test]
    public void Places_given_back_with_nobody_in_line_are_free()
    {
        var slots = new ConnectionSlots(2);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(slots.TryEnter() && slots.TryEnter());
            slots.Leave();
            slots.Leave();
        }
    }

    [Test]
    public async Task Threads_in_a_race_never_hold_more_than_the_maximum_and_all_get_their_turn()
    {
        const int Maximum = 3;
        var slots = new ConnectionSlots(Maximum);
        int held = 0;
        int most = 0;

        Task[] threads = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < 2000; round++)
            {
                var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (!slots.EnterOrStandInLine(granted.SetResult))
                {
                    await granted.Task;
                }

                int now = Interlocked.Increment(ref held);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref held);
                slots.Leave();
            }
        }))];

        await Bound.Within("everybody's turns", Task.WhenAll(threads));
        Assert.That(most, Is.InRange(1, Maximum));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (seen < value)
        {
            seen = Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
