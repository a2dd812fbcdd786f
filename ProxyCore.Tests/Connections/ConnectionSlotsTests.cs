using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>Never more than the maximum; slots are granted in order, and none is lost.</summary>
internal sealed class ConnectionSlotsTests
{
    [Test]
    public void A_slot_that_becomes_free_goes_to_the_first_in_the_queue()
    {
        var slots = new ConnectionSlots(1);
        List<string> granted = [];
        slots.TryTake();
        slots.TakeOrWait(() => granted.Add("first"));
        slots.TakeOrWait(() => granted.Add("second"));

        slots.Release();
        Assert.That(granted, Is.EqualTo(["first"]));

        slots.Release();
        Assert.That(granted, Is.EqualTo(["first", "second"]));
    }

    [Test]
    public void A_newcomer_does_not_overtake_the_one_that_was_granted_the_slot()
    {
        var slots = new ConnectionSlots(1);
        slots.TryTake();
        slots.TakeOrWait(static () => { });

        slots.Release();

        Assert.That(slots.TryTake(), Is.False);
    }

    [Test]
    public void Slots_given_back_with_an_empty_queue_are_free()
    {
        var slots = new ConnectionSlots(2);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(slots.TryTake() && slots.TryTake());
            slots.Release();
            slots.Release();
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
                if (!slots.TakeOrWait(granted.SetResult))
                {
                    await granted.Task;
                }

                int now = Interlocked.Increment(ref held);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref held);
                slots.Release();
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
