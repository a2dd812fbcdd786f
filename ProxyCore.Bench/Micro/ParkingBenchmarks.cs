using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>What a move between Select's lists and the idle set costs.</summary>
public class ParkingBenchmarks
{
    private Socket _near = null!;
    private Socket _far = null!;
    private IdleSet _idle = null!;
    private Watched _watched = null!;

    [GlobalSetup]
    public void Setup()
    {
        var owner = new Nobody();
        (_near, _far) = SocketPairs.Connect();
        _idle = IdleSet.TryCreate(owner) ?? throw new PlatformNotSupportedException("nothing can be parked here");
        _watched = owner.Watch(_near);
        _watched.Interest = Interest.Read;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _idle.Dispose();
        _near.Dispose();
        _far.Dispose();
    }

    [Benchmark]
    public void ParkAndWake()
    {
        _idle.TryAdd(_watched);
        _idle.Remove(_watched);
    }
}
