using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using ProxyCore.Connections;

namespace ProxyCore.Bench.Micro;

/// <summary>A connection's two entries come and go among many.</summary>
public class RouteTableBenchmarks
{
    private readonly RouteTable _table = new();
    private Socket[] _sockets = [];
    private Socket _one = null!;

    [Params(10, 10_000)]
    public int Sockets { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _one = Create();
        _sockets = [.. Enumerable.Range(0, Sockets).Select(static _ => Create())];
        Array.ForEach(_sockets, socket => _table.Add(socket, null!));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _one.Dispose();
        Array.ForEach(_sockets, static socket => socket.Dispose());
    }

    [Benchmark]
    public void AddAndRemove()
    {
        _table.Add(_one, null!);
        _table.Remove(_one);
    }

    private static Socket Create() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
}
