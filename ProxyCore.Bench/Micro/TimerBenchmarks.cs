using BenchmarkDotNet.Attributes;
using ProxyCore.Loop;

namespace ProxyCore.Bench.Micro;

/// <summary>Timers among many: to arm and cancel one, and to move one.</summary>
public class TimerBenchmarks
{
    private readonly LoopTimers _timers = new();
    private readonly Random _random = new(1);
    private LoopTimer[] _armed = [];
    private LoopTimer _one = null!;

    [Params(10, 10_000)]
    public int Armed { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var owner = new Nobody();
        _one = new CallbackTimer(owner, static () => { });
        _armed = [.. Enumerable.Range(0, Armed).Select(_ => new CallbackTimer(owner, static () => { }))];
        Array.ForEach(_armed, timer => _timers.Arm(timer, TimeSpan.FromTicks(_random.Next())));
    }

    [Benchmark]
    public void ArmAndCancel()
    {
        _timers.Arm(_one, TimeSpan.FromTicks(_random.Next()));
        _timers.Cancel(_one);
    }

    [Benchmark]
    public void Move() => _timers.Arm(_armed[_random.Next(_armed.Length)], TimeSpan.FromTicks(_random.Next()));
}
