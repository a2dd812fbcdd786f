using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>One Select that finds one socket ready among many: in the lists, and with the others parked.</summary>
public class PollerBenchmarks
{
    private readonly List<Socket> _sockets = [];
    private SelectPoller _poller = null!;

    [Params(1, 16, 128, 1024)]
    public int Sockets { get; set; }

    [Params(false, true)]
    public bool Parking { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var owner = new Nobody();
        _poller = new SelectPoller(owner, Parking ? new ParkingPolicy() : null);
        for (int index = 0; index < Sockets; index++)
        {
            (Socket near, Socket far) = SocketPairs.Connect();
            _sockets.AddRange([near, far]);
            _poller.SetInterest(owner.Watch(near), Interest.Read);
        }

        for (int turn = 0; turn < 100; turn++)
        {
            _poller.Wait(0);
        }

        // Never read: it stays ready.
        _sockets[1].Send("a"u8);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _poller.Dispose();
        _sockets.ForEach(static socket => socket.Dispose());
    }

    [Benchmark]
    public int SelectAndTake()
    {
        int taken = 0;
        _poller.Wait(0);
        while (_poller.TryTakeReady(out Watched watched, out Interest ready))
        {
            watched.OnReady(ready);
            taken++;
        }

        return taken;
    }
}
