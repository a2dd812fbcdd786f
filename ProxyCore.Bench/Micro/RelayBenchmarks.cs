using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using ProxyCore.Relay;

namespace ProxyCore.Bench.Micro;

/// <summary>One relay step, between the two sends and receives of the peers that it needs.</summary>
public class RelayBenchmarks
{
    private readonly RelayBuffers _buffers = new(256 * 1024, new PendingBudget(long.MaxValue));
    private (Socket Near, Socket Far) _client;
    private (Socket Near, Socket Far) _upstream;
    private PipePair _pipes = null!;
    private byte[] _message = [];
    private byte[] _received = [];

    [Params(100, 16_384)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _client = SocketPairs.Connect();
        _upstream = SocketPairs.Connect();
        _pipes = new PipePair(_client.Near, _upstream.Near, _buffers);
        _message = new byte[Bytes];
        _received = new byte[Bytes];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pipes.Release();
        _buffers.Dispose();
        foreach (Socket socket in (Socket[])[_client.Near, _client.Far, _upstream.Near, _upstream.Far])
        {
            socket.Dispose();
        }
    }

    [Benchmark(Baseline = true)]
    public int PeersAlone()
    {
        _client.Far.Send(_message);
        return ReceiveAll(_client.Near);
    }

    [Benchmark]
    public int PeersAndRelay()
    {
        _client.Far.Send(_message);
        _pipes.Read(ConnectionSide.Client, now: default);
        return ReceiveAll(_upstream.Far);
    }

    private int ReceiveAll(Socket socket)
    {
        int received = 0;
        while (received < Bytes)
        {
            received += socket.Receive(_received);
        }

        return received;
    }
}
