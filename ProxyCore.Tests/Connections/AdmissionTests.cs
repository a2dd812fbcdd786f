using ProxyCore.Connections;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>Never more than the maximum, nobody overtakes, and no place is lost.</summary>
internal sealed class AdmissionTests
{
    [Test]
    public void A_place_that_becomes_free_goes_to_who_stands_longest_in_line()
    {
        var admission = new Admission(1);
        List<string> granted = [];
        admission.TryEnter();
        admission.EnterOrStandInLine(() => granted.Add("first"));
        admission.EnterOrStandInLine(() => granted.Add("second"));

        admission.Leave();
        Assert.That(granted, Is.EqualTo(["first"]));

        admission.Leave();
        Assert.That(granted, Is.EqualTo(["first", "second"]));
    }

    [Test]
    public void A_newcomer_does_not_overtake_who_was_granted_the_place()
    {
        var admission = new Admission(1);
        admission.TryEnter();
        admission.EnterOrStandInLine(static () => { });

        admission.Leave();

        Assert.That(admission.TryEnter(), Is.False);
    }

    [Test]
    public void Places_given_back_with_nobody_in_line_are_free()
    {
        var admission = new Admission(2);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(admission.TryEnter() && admission.TryEnter());
            admission.Leave();
            admission.Leave();
        }
    }

    [Test]
    public async Task Threads_in_a_race_never_hold_more_than_the_maximum_and_all_get_their_turn()
    {
        const int Maximum = 3;
        var admission = new Admission(Maximum);
        int held = 0;
        int most = 0;

        Task[] threads = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int round = 0; round < 2000; round++)
            {
                var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (!admission.EnterOrStandInLine(granted.SetResult))
                {
                    await granted.Task;
                }

                int now = Interlocked.Increment(ref held);
                InterlockedMax(ref most, now);
                Interlocked.Decrement(ref held);
                admission.Leave();
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
