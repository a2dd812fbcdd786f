using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Timers on a loop, and that it sleeps between them.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class SelectLoopTimeTests(Parking parking) : ParkingFixture(parking)
{
    private readonly Member _owner = new();

    [Test]
    public void A_timer_fires_when_a_fake_clock_reaches_its_time_and_not_before()
    {
        var time = new FakeTimeProvider();
        using var running = new RunningLoop(time);
        using var fired = new ManualResetEventSlim();
        running.Do(() => running.Loop.Arm(new CallbackTimer(_owner, () => fired.Set()), TimeSpan.FromHours(1)));
        running.FinishTurn();

        time.Advance(TimeSpan.FromMinutes(59));
        running.FinishTurn();
        Assert.That(fired.IsSet, Is.False);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(fired.Wait(SocketPair.Patience), Is.True);
        Assert.That(running.Do(() => running.Loop.TimersArmed), Is.Zero);
    }

    [Test]
    public void A_cancelled_timer_does_not_fire_not_even_when_an_earlier_one_cancels_it()
    {
        var time = new FakeTimeProvider();
        using var running = new RunningLoop(time);
        bool fired = false;
        running.Do(() =>
        {
            var victim = new CallbackTimer(_owner, () => fired = true);
            running.Loop.Arm(victim, TimeSpan.FromSeconds(2));
            running.Loop.Arm(new CallbackTimer(_owner, () => running.Loop.Cancel(victim)), TimeSpan.FromSeconds(1));
        });

        time.Advance(TimeSpan.FromSeconds(3));
        running.FinishTurn();

        Assert.That(fired, Is.False);
        Assert.That(running.Do(() => running.Loop.TimersArmed), Is.Zero);
    }

    [Test]
    public void A_timer_that_arms_itself_again_fires_once_for_each_time()
    {
        var time = new FakeTimeProvider();
        using var running = new RunningLoop(time);
        int fired = 0;
        LoopTimer? timer = null;
        timer = new CallbackTimer(_owner, () =>
        {
            fired++;
            running.Loop.Arm(timer!, TimeSpan.FromSeconds(1));
        });
        running.Do(() => running.Loop.Arm(timer, TimeSpan.FromSeconds(1)));

        for (int second = 1; second <= 5; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            running.FinishTurn();
            Assert.That(running.Do(() => fired), Is.EqualTo(second));
        }
    }

    [Test]
    public void A_timer_on_the_systems_clock_is_never_early_and_takes_no_spin()
    {
        var delay = TimeSpan.FromMilliseconds(20.7);
        using var running = new RunningLoop();
        using var fired = new ManualResetEventSlim();
        long turns = running.Do(() => running.Loop.Turns);
        var watch = new Stopwatch();
        running.Do(() =>
        {
            watch.Start();
            running.Loop.Arm(new CallbackTimer(_owner, () => fired.Set()), delay);
        });

        Assert.That(fired.Wait(SocketPair.Patience), Is.True);

        // Arm counts from the time at which the turn's events were seen, which is a little before the watch.
        Assert.That(watch.Elapsed, Is.GreaterThan(delay - TimeSpan.FromMilliseconds(5)));
        Assert.That(running.Do(() => running.Loop.Turns) - turns, Is.LessThan(8));
    }

    [Test]
    public void A_loop_with_nothing_to_do_takes_no_turns()
    {
        using var running = new RunningLoop();
        using var idle = SocketPair.Connect();
        using var paused = SocketPair.Connect();
        using var never = new ManualResetEventSlim();
        paused.Far.Send([1]);
        paused.Near.WaitReadable();
        running.Do(() =>
        {
            running.Loop.Attach(new Probe(idle.Near, _owner, _ => { }), Interest.Read);
            running.Loop.Attach(new Probe(paused.Near, _owner, _ => { }), Interest.None);
            running.Loop.Arm(new CallbackTimer(_owner, () => { }), TimeSpan.FromHours(1));
        });
        long before = running.Do(() => running.Loop.Turns);

        never.Wait(TimeSpan.FromMilliseconds(100));

        Assert.That(running.Do(() => running.Loop.Turns) - before, Is.LessThanOrEqualTo(2));
    }
}
