using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>What one turn of the loop does, and in which order.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class SelectLoopTurnTests(Parking parking) : ParkingFixture(parking)
{
    private readonly List<SocketPair> _pairs = [];
    private RunningLoop _running = null!;
    private Member _owner = null!;

    private SelectLoop Loop => _running.Loop;

    [SetUp]
    public void StartLoop()
    {
        _running = new RunningLoop();
        _owner = new Member();
    }

    [TearDown]
    public void StopLoop()
    {
        _running.Dispose();
        _pairs.ForEach(static pair => pair.Dispose());
        _pairs.Clear();
    }

    [Test]
    public void A_turn_runs_posted_work_then_due_timers_then_writes_then_reads()
    {
        var order = new List<string>();
        _running.Do(() =>
        {
            Probe? reader = null;
            Probe? writer = null;
            reader = Watch(Readable(), Interest.Read, _ => Once(reader!, "read"));
            writer = Watch(Pair(), Interest.Write, _ => Once(writer!, "write"));
            Loop.Arm(new CallbackTimer(_owner, () => order.Add("timer")), TimeSpan.Zero);
            Loop.Post(_owner, () =>
            {
                order.Add("posted");
                Loop.Arm(new CallbackTimer(_owner, () => order.Add("timer")), TimeSpan.Zero);
            });
        });
        _running.FinishTurn();

        Assert.That(order, Is.EqualTo(["timer", "write", "read", "posted", "timer"]));

        void Once(Probe probe, string what)
        {
            order.Add(what);
            Loop.SetInterest(probe, Interest.None);
        }
    }

    [Test]
    public void Posted_work_waits_for_the_next_turn_when_the_work_of_this_one_posted_it()
    {
        long turns = _running.Do(() => Loop.Turns);
        var answer = new TaskCompletionSource<long>();
        Loop.Post(_owner, () =>
        {
            turns = Loop.Turns;
            Loop.Post(_owner, () => answer.SetResult(Loop.Turns));
        });

        Assert.That(answer.Task.Wait(SocketPair.Patience), Is.True);
        Assert.That(answer.Task.Result, Is.EqualTo(turns + 1));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_is_reported_to_one_that_reads_no_bytes()
    {
        SocketPair pair = Pair();
        var reported = new TaskCompletionSource<Interest>();
        Probe probe = null!;
        _running.Do(() => probe = Watch(pair, Interest.Reset, ready => Once(ready)));
        pair.Far.Send("unread"u8);

        pair.Far.Close(0);

        Assert.That(reported.Task.Wait(SocketPair.Patience), Is.True);
        Assert.That(reported.Task.Result, Is.EqualTo(Interest.Reset));

        void Once(Interest ready)
        {
            reported.TrySetResult(ready);
            Loop.SetInterest(probe, Interest.None);
        }
    }

    [Test]
    public void Bytes_and_a_FIN_are_no_reset_and_do_not_make_the_loop_spin()
    {
        SocketPair pair = Pair();
        int reported = 0;
        _running.Do(() => Watch(pair, Interest.Reset, _ => reported++));
        pair.Far.Send("unread"u8);
        pair.Far.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        _running.FinishTurn();

        long turns = _running.Do(() => Loop.Turns);
        _running.FinishTurn();

        Assert.That(_running.Do(() => Loop.Turns), Is.LessThan(turns + 10));
        Assert.That(_running.Do(() => reported), Is.Zero);
    }

    [Test]
    public void A_handler_is_told_each_readiness_by_itself()
    {
        var told = new List<Interest>();
        _running.Do(() =>
        {
            Probe? probe = null;
            probe = Watch(Readable(), Interest.Read | Interest.Write, ready =>
            {
                told.Add(ready);
                Loop.SetInterest(probe!, probe!.Interest & ~ready);
            });
        });
        _running.FinishTurn();

        Assert.That(told, Is.EqualTo([Interest.Write, Interest.Read]));
    }

    [Test]
    public void The_outcome_of_a_connect_comes_as_writability()
    {
        var told = new List<Interest>();
        _running.Do(() =>
        {
            Probe? probe = null;
            probe = Watch(Pair(), Interest.Connect, ready =>
            {
                told.Add(ready);
                Loop.Detach(probe!);
            });
        });
        _running.FinishTurn();

        Assert.That(told, Is.EqualTo([Interest.Write]));
    }

    [Test]
    public void A_handler_that_closes_another_ready_socket_of_the_same_batch_prevents_its_call()
    {
        var called = new List<Probe>();
        Probe[] probes = [];
        _running.Do(() => probes = [Closer(), Closer()]);
        _running.FinishTurn();

        Assert.That(called, Has.Count.EqualTo(1), "one closes the other, whichever comes first");
        Assert.That(_owner.Faults, Is.Empty);

        Probe Closer()
        {
            Probe? self = null;
            self = Watch(Readable(), Interest.Read, _ =>
            {
                called.Add(self!);
                foreach (Probe probe in probes)
                {
                    Loop.Detach(probe);
                    probe.Socket.Dispose();
                }
            });
            return self;
        }
    }

    [Test]
    public void A_socket_without_interest_is_not_called_and_not_given_to_Select()
    {
        int calls = 0;
        int before = _running.Do(() => Loop.Watching);
        Probe probe = _running.Do(() => Watch(Readable(), Interest.None, _ => calls++));
        _running.FinishTurn();

        Assert.That(calls, Is.Zero);
        Assert.That(_running.Do(() => Loop.Watching), Is.EqualTo(before));
        Assert.That(_running.Do(() => probe.IsAttached), Is.True);
    }

    [Test]
    public void A_changed_interest_holds_from_the_next_Select_on()
    {
        using var called = new ManualResetEventSlim();
        Probe probe = _running.Do(() => Watch(Readable(), Interest.None, _ => { }));
        Probe other = _running.Do(() => Watch(Readable(), Interest.None, _ => called.Set()));

        _running.Do(() => Loop.SetInterest(other, Interest.Read));
        Assert.That(called.Wait(SocketPair.Patience), Is.True);

        _running.Do(() => Loop.SetInterest(other, Interest.None));
        called.Reset();
        _running.FinishTurn();
        Assert.That(called.IsSet, Is.False);
        Assert.That(_running.Do(() => probe.Interest), Is.EqualTo(Interest.None));
    }

    [TestCase(Interest.None, 0)]
    [TestCase(Interest.Read, 1)]
    [TestCase(Interest.Write, 1)]
    [TestCase(Interest.Read | Interest.Write, 2)]
    [TestCase(Interest.Connect, 1)]
    [LinuxCalls("With the ways of Windows a connect is in the error list, too.")]
    public void Each_interest_costs_its_entries_once_and_none_after_detaching(Interest interest, int entries)
    {
        int before = _running.Do(() => Loop.Watching);
        (int attached, int same, int detached) = _running.Do(() =>
        {
            Probe probe = Watch(Pair(), interest, _ => { });
            int attached = Loop.Watching;
            Loop.SetInterest(probe, interest);
            int same = Loop.Watching;
            Loop.Detach(probe);
            return (attached, same, Loop.Watching);
        });

        Assert.That((attached - before, same - before, detached - before), Is.EqualTo((entries, entries, 0)));
    }

    private Probe Watch(SocketPair pair, Interest interest, Action<Interest> onReady)
    {
        var probe = new Probe(pair.Near, _owner, onReady);
        Loop.Attach(probe, interest);
        return probe;
    }

    private SocketPair Readable()
    {
        SocketPair pair = Pair();
        pair.Far.Send([1]);
        pair.Near.WaitReadable();
        return pair;
    }

    private SocketPair Pair()
    {
        var pair = SocketPair.Connect();
        _pairs.Add(pair);
        return pair;
    }
}
