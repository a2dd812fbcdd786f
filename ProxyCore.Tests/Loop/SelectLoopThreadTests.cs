using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>What other threads may ask of a loop: post and stop.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class SelectLoopThreadTests(Parking parking) : ParkingFixture(parking)
{
    private readonly Member _owner = new();

    [Test]
    public void Posts_of_each_thread_run_in_its_order_on_the_loops_thread()
    {
        const int Threads = 4;
        const int Posts = 2000;
        using var running = new RunningLoop();
        var seen = new List<(int Thread, int Number, Thread On)>();
        Thread[] posters = [.. Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            for (int number = 0; number < Posts; number++)
            {
                int posted = number;
                running.Loop.Post(_owner, () => seen.Add((index, posted, Thread.CurrentThread)));
            }
        }))];

        Array.ForEach(posters, static poster => poster.Start());
        Array.ForEach(posters, static poster => poster.Join());
        Thread loopThread = running.Do(() => Thread.CurrentThread);

        Assert.That(seen, Has.Count.EqualTo(Threads * Posts));
        Assert.That(seen.TrueForAll(one => one.On == loopThread), Is.True);
        foreach (var group in seen.GroupBy(static one => one.Thread))
        {
            Assert.That(group.Select(static one => one.Number), Is.Ordered);
        }
    }

    [Test]
    public void A_post_wakes_a_loop_that_blocks_without_a_timeout()
    {
        using var running = new RunningLoop();
        for (int round = 0; round < 200; round++)
        {
            running.Do(static () => { });
        }
    }

    [Test]
    public void Stop_ends_a_loop_that_blocks()
    {
        using var running = new RunningLoop();
        running.FinishTurn();

        running.Loop.Stop();

        running.WaitForEnd();
    }

    [Test]
    public void Stop_ends_a_loop_that_always_has_something_ready()
    {
        using var running = new RunningLoop();
        using var pair = SocketPair.Connect();
        pair.Far.Send([1]);
        running.Do(() => running.Loop.Attach(new Probe(pair.Near, _owner), Interest.Read));

        running.Loop.Stop();

        running.WaitForEnd();
    }

    [Test]
    public void Stop_before_the_run_ends_it_at_once_and_runs_what_was_posted()
    {
        using var loop = new SelectLoop(TimeProvider.System, new LogRecorder(), parking: null);
        bool ran = false;
        loop.Post(_owner, () => ran = true);

        loop.Stop();
        loop.Run();

        Assert.That(loop.Turns, Is.Zero);
        Assert.That(ran, Is.True);
    }

    [Test]
    public void What_is_posted_before_the_end_of_the_run_is_run()
    {
        using var running = new RunningLoop();
        bool ran = false;
        running.Loop.Post(_owner, () =>
        {
            running.Loop.Stop();
            running.Loop.Post(_owner, () => ran = true);
        });

        running.WaitForEnd();

        Assert.That(ran, Is.True);
    }

    [Test]
    public void What_is_posted_after_the_end_is_not_run_and_does_no_harm()
    {
        var running = new RunningLoop();
        running.Dispose();

        running.Loop.Post(_owner, () => Assert.Fail("it ran"));
    }
}
