using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>What goes wrong in one member's code ends that member, and the loop goes on.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class SelectLoopFaultTests(Parking parking) : ParkingFixture(parking)
{
    private const int LoopFault = 2;

    private readonly InvalidOperationException _mistake = new("made by the test");
    private LogRecorder _log = null!;
    private RunningLoop _running = null!;
    private SocketPair _pair = null!;

    private SelectLoop Loop => _running.Loop;

    [SetUp]
    public void StartLoop()
    {
        _log = new LogRecorder();
        _running = new RunningLoop(logger: _log);
        _pair = SocketPair.Connect();
        _pair.Far.Send([1]);
        _pair.Near.WaitReadable();
    }

    [TearDown]
    public void StopLoop()
    {
        _running.Dispose();
        _pair.Dispose();
    }

    [Test]
    public void A_handler_that_throws_faults_its_owner_only()
    {
        using var other = SocketPair.Connect();
        other.Far.Send([1]);
        other.Near.WaitReadable();
        Probe? thrower = null;
        Probe? calm = null;
        int calls = 0;
        var guilty = new Member(() => Loop.Detach(thrower!));
        var innocent = new Member();

        _running.Do(() =>
        {
            thrower = new Probe(_pair.Near, guilty, _ => throw _mistake);
            calm = new Probe(other.Near, innocent, _ =>
            {
                calls++;
                Loop.SetInterest(calm!, Interest.None);
            });
            Loop.Attach(thrower, Interest.Read);
            Loop.Attach(calm, Interest.Read);
        });
        _running.FinishTurn();

        Assert.That(guilty.Faults, Is.EqualTo([_mistake]));
        Assert.That(innocent.Faults, Is.Empty);
        Assert.That(calls, Is.EqualTo(1));
    }

    [Test]
    public void A_timer_that_throws_faults_its_owner_and_the_next_timer_runs()
    {
        var guilty = new Member();
        bool ran = false;

        _running.Do(() =>
        {
            Loop.Arm(new CallbackTimer(guilty, () => throw _mistake), TimeSpan.Zero);
            Loop.Arm(new CallbackTimer(new Member(), () => ran = true), TimeSpan.FromTicks(1));
        });
        _running.FinishTurn();

        Assert.That(guilty.Faults, Is.EqualTo([_mistake]));
        Assert.That(ran, Is.True);
    }

    [Test]
    public void Posted_work_that_throws_faults_its_owner_and_the_next_work_runs()
    {
        var guilty = new Member();

        Loop.Post(guilty, () => throw _mistake);
        _running.FinishTurn();

        Assert.That(guilty.Faults, Is.EqualTo([_mistake]));
    }

    [Test]
    public void A_fault_that_throws_is_logged_and_the_loop_goes_on()
    {
        var second = new InvalidOperationException("the second");
        var guilty = new Member(() => throw second);

        Loop.Post(guilty, () => throw _mistake);
        _running.FinishTurn();

        Assert.That(_log.ExceptionsOf(LoopFault), Is.EqualTo([second]));
    }

    [TestCase(Interest.Read)]
    [TestCase(Interest.Write)]
    [TestCase(Interest.Connect)]
    public void A_socket_disposed_of_behind_the_loops_back_faults_its_owner_and_the_loop_goes_on(Interest interest)
    {
        int calls = 0;
        Probe? probe = null;
        var guilty = new Member(() => Loop.Detach(probe!));

        _running.Do(() =>
        {
            Socket socket = _pair.Near;
            probe = new Probe(socket, guilty, _ => calls++);
            Loop.Attach(probe, interest);
            socket.Dispose();
        });
        _running.FinishTurn();

        Assert.That(guilty.Faults, Has.Count.EqualTo(1).And.All.TypeOf<ObjectDisposedException>());
        Assert.That(calls, Is.Zero);
        Assert.That(_running.Do(() => Loop.Watching), Is.EqualTo(1), "only the loop's own signal is left");
    }

    [Test]
    public void A_healthy_socket_is_served_although_another_was_disposed_of()
    {
        using var healthy = SocketPair.Connect();
        using var served = new ManualResetEventSlim();
        Probe? probe = null;
        var guilty = new Member(() => Loop.Detach(probe!));
        healthy.Far.Send([1]);

        _running.Do(() =>
        {
            probe = new Probe(_pair.Near, guilty);
            Loop.Attach(probe, Interest.Read);
            _pair.Near.Dispose();
            Probe? calm = null;
            calm = new Probe(healthy.Near, new Member(), _ =>
            {
                served.Set();
                Loop.Detach(calm!);
            });
            Loop.Attach(calm, Interest.Read);
        });

        Assert.That(served.Wait(SocketPair.Patience), Is.True);
    }

    [Test]
    public void Nothing_counts_as_ready_after_a_Select_that_failed()
    {
        using var quiet = SocketPair.Connect();
        int calls = 0;
        Probe? probe = null;
        var guilty = new Member(() => Loop.Detach(probe!));

        _running.Do(() =>
        {
            Loop.Attach(new Probe(quiet.Near, new Member(), _ => calls++), Interest.Read);
            probe = new Probe(_pair.Near, guilty);
            Loop.Attach(probe, Interest.Read);
            _pair.Near.Dispose();
        });
        _running.FinishTurn();

        Assert.That(guilty.Faults, Has.Count.EqualTo(1));
        Assert.That(calls, Is.Zero);
    }
}
