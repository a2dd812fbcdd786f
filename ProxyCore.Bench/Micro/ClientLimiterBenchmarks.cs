using System.Net;
using BenchmarkDotNet.Attributes;
using ProxyCore.Access;
using ProxyCore.Settings;

namespace ProxyCore.Bench.Micro;

/// <summary>What limits of clients cost a connection: one admission and one release, among many other clients.</summary>
public class ClientLimiterBenchmarks
{
    private const int Entries = 65_536;

    private readonly IPAddress[] _clients = new IPAddress[Entries];
    private ClientLimiter _limiter = null!;
    private int _next;
    private long _now;

    /// <summary>How many clients are in the table already, each with a connection.</summary>
    [Params(1, 60_000)]
    public int Others { get; set; }

    /// <summary>Whether clients are forgotten at their end, or remembered for their rate.</summary>
    [Params(false, true)]
    public bool Rate { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _limiter = new ClientLimiter(new ClientLimitSettings(
            Connections: 1000, Rate ? new Rate(perSecond: 1e6, burst: 1_000_000) : null, 32, 64, Entries, LimitAction.Reset, TimeSpan.FromSeconds(5), 1024));
        for (int client = 0; client < Entries; client++)
        {
            _clients[client] = new IPAddress([10, (byte)(client >> 16), (byte)(client >> 8), (byte)client]);
            if (client < Others)
            {
                _limiter.Admit(_clients[client], now: 0);
            }
        }
    }

    /// <summary>A client that has connections already.</summary>
    [Benchmark]
    public void KnownClient()
    {
        _next = (_next + 7919) % Others;
        _limiter.Admit(_clients[_next], ++_now).Use.Release(_now);
    }

    /// <summary>A client whose only connection it is.</summary>
    [Benchmark]
    public void NewClient()
    {
        _next = (_next + 7919) % (Entries - Others);
        _limiter.Admit(_clients[Others + _next], ++_now).Use.Release(_now);
    }
}
