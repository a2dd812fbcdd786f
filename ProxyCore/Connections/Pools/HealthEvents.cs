using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>Tells the log what becomes of the upstreams of a route. Belongs to the thread of the pool.</summary>
internal sealed class HealthEvents(ILogger logger)
{
    private bool _saidNoneIsLeft;

    /// <param name="route">The name of the route.</param>
    /// <param name="member">The upstream.</param>
    /// <param name="change">What has become of it.</param>
    /// <param name="cause">What failed last, unless it came up.</param>
    /// <param name="now">The time.</param>
    internal void Tell(string route, PoolMember member, HealthChange change, string? cause, TimeSpan now)
    {
        switch (change)
        {
            case HealthChange.CameUp:
                _saidNoneIsLeft = false;
                logger.UpstreamUp(route, member.Address);
                break;
            case HealthChange.WentOut:
                double seconds = (member.Health.OutUntil - now).TotalSeconds;
                logger.UpstreamOut(route, member.Address, seconds, member.Health.FailuresInRow, cause!);
                break;
            case HealthChange.WentDown:
                logger.UpstreamDown(route, member.Address, member.Health.FailedChecksInRow, cause!);
                break;
        }
    }

    /// <param name="route">The name of the route.</param>
    /// <param name="member">The upstream.</param>
    /// <param name="failure">Why the check failed; null when it did not.</param>
    internal void TellChecked(string route, PoolMember member, string? failure)
    {
        if (failure is null)
        {
            logger.HealthCheckSucceeded(route, member.Address);
        }
        else
        {
            logger.HealthCheckFailed(route, member.Address, failure);
        }
    }

    /// <summary>A client was refused because no upstream is healthy: said once, until one is.</summary>
    internal void TellNoneIsLeft(string route)
    {
        if (!_saidNoneIsLeft)
        {
            _saidNoneIsLeft = true;
            logger.NoUpstreamLeft(route);
        }
    }
}
