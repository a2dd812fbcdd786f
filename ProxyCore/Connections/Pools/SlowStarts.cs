using ProxyCore.Loop;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The slow starts of a pool's members. Belongs to the thread of the pool.</summary>
internal sealed class SlowStarts
{
    // A hundredth of the share is less than anybody notices.
    private const int Steps = 100;
    private static readonly TimeSpan _shortestStep = TimeSpan.FromMilliseconds(10);

    private readonly SelectLoop _loop;
    private readonly UpstreamPool _pool;
    private readonly Action _warmer;
    private readonly CallbackTimer _step;

    /// <param name="loop">The loop of the pool.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="warmer">Called at each step: the maximum of a member that starts slowly grows, and those that wait may have room.</param>
    internal SlowStarts(SelectLoop loop, ILoopMember owner, UpstreamPool pool, Action warmer)
    {
        _loop = loop;
        _pool = pool;
        _warmer = warmer;
        _step = new CallbackTimer(owner, OnStep);
    }

    /// <summary>Begins the slow start of a member, where the route has one.</summary>
    internal void Begin(PoolMember member)
    {
        if (_pool.SlowStart > TimeSpan.Zero)
        {
            member.WarmUp.Begin(_loop.Now);
            OnStep();
        }
    }

    internal void Stop() => _loop.Cancel(_step);

    private void OnStep()
    {
        _warmer();
        if (_pool.IsWarmingUp(_loop.Now))
        {
            TimeSpan step = _pool.SlowStart / Steps;
            _loop.Arm(_step, step > _shortestStep ? step : _shortestStep);
        }
    }
}
