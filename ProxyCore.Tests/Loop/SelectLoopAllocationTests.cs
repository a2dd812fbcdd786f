using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Once warm, a loop whose log is off allocates nothing, in debug builds too.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
internal sealed class SelectLoopAllocationTests(Parking parking) : ParkingFixture(parking)
{
    private const int WarmUp = 2000;
    private const int Measured = 5000;

    [Test]
    public void A_turn_allocates_nothing_in_steady_state()
    {
        using var running = new RunningLoop();
        using var pair = SocketPair.Connect();
        pair.Far.Blocking = false;
        var game = new PingPong(running.Loop, pair);
        running.Do(game.Begin);

        Assert.That(game.Ended.Wait(SocketPair.Patience), Is.True, "the game does not end");

        Assert.That(game.Owner.Faults, Is.Empty);
        game.Allocations.AssertNone();
        Assert.That(game.TimersFired, Is.GreaterThan(Measured));
        Assert.That(game.WorkRun, Is.GreaterThan(Measured));
    }

    /// <summary>A byte that goes to and fro; each time, timers move, interests change and work is posted.</summary>
    private sealed class PingPong
    {
        private readonly SelectLoop _loop;
        private readonly byte[] _buffer = new byte[16];
        private readonly Probe _near;
        private readonly Probe _far;
        private readonly CallbackTimer _idle;
        private readonly CallbackTimer _passing;
        private readonly Action _work;
        private int _rounds;

        internal PingPong(SelectLoop loop, SocketPair pair)
        {
            _loop = loop;
            _near = new Probe(pair.Near, Owner, ready => Return(_near!, ready));
            _far = new Probe(pair.Far, Owner, ready => Return(_far!, ready));
            _idle = new CallbackTimer(Owner, static () => { });
            _passing = new CallbackTimer(Owner, () => TimersFired++);
            _work = () => WorkRun++;
        }

        internal Member Owner { get; } = new();

        internal ManualResetEventSlim Ended { get; } = new();

        internal Allocations Allocations { get; } = new();

        internal int TimersFired { get; private set; }

        internal int WorkRun { get; private set; }

        internal void Begin()
        {
            _loop.Attach(_near, Interest.Read);
            _loop.Attach(_far, Interest.Read);
            _near.Socket.Send([1]);
        }

        private void Return(Probe probe, Interest ready)
        {
            if (ready == Interest.Read)
            {
                probe.Socket.Receive(_buffer.AsSpan(), SocketFlags.None, out _);
                _loop.SetInterest(probe, Interest.Write);
                return;
            }

            _loop.SetInterest(probe, Interest.Read);
            _loop.Arm(_idle, TimeSpan.FromHours(1));
            _loop.Arm(_passing, TimeSpan.Zero);
            _loop.Post(Owner, _work);
            Count();
            probe.Socket.Send(_buffer.AsSpan(0, 1), SocketFlags.None, out _);
        }

        private void Count()
        {
            _rounds++;
            if (_rounds < WarmUp || (_rounds - WarmUp) % Measured != 0)
            {
                return;
            }

            if (_rounds > WarmUp)
            {
                Allocations.Close(GC.GetAllocatedBytesForCurrentThread());
            }

            if (Allocations.IsDone)
            {
                _loop.Detach(_near);
                _loop.Detach(_far);
                Ended.Set();
                return;
            }

            Allocations.Open(GC.GetAllocatedBytesForCurrentThread());
        }
    }
}
