using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>
/// Logs the health of the upstreams of a route, notes it for snapshots, and hands its changes to observers. Belongs to the
/// thread of the pool.
/// </summary>
/// <param name="logger">The logger.</param>
/// <param name="time">The clock for those who look at it.</param>
/// <param name="stateChanged">Called when the health of an upstream has changed; must not throw.</param>
internal sealed class HealthEvents(ILogger logger, TimeProvider time, Action<UpstreamReport> stateChanged)
{
    // A machine that is short of descriptors fails some checks and makes others: that is one warning, not one a check.
    private static readonly TimeSpan _quietTime = TimeSpan.FromMinutes(1);

    // Enough to see what happens; a line has an end.
    private const int MostNamed = 10;

    private bool _hasLoggedNoneHealthy;
    private TimeSpan? _lastLocalWarning;

    /// <summary>Reports that the state of <paramref name="member"/> has changed.</summary>
    /// <param name="route">The name of the route.</param>
    /// <param name="member">The upstream.</param>
    /// <param name="change">Its change.</param>
    /// <param name="cause">The last failure, unless the upstream is up again.</param>
    /// <param name="now">The time.</param>
    internal void LogChange(string route, PoolMember member, HealthChange change, string? cause, TimeSpan now)
    {
        string? shown = change == HealthChange.CameUp ? null : cause;
        member.LastChange = new HealthNote(time.GetUtcNow(), shown);
        switch (change)
        {
            case HealthChange.CameUp:
                _hasLoggedNoneHealthy = false;
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

        stateChanged(new UpstreamReport
        {
            Route = route,
            Address = member.Address,
            State = member.Health.State,
            Cause = shown,
        });
    }

    /// <summary>Logs the result of a check of <paramref name="member"/>.</summary>
    internal void LogCheck(string route, PoolMember member, CheckResult result, TimeSpan now)
    {
        member.LastCheck = new CheckNote(time.GetUtcNow(), result.Duration, result.Cause);
        switch (result.Outcome)
        {
            case CheckOutcome.Succeeded:
                logger.HealthCheckSucceeded(route, member.Address);
                break;
            case CheckOutcome.Failed:
                logger.HealthCheckFailed(route, member.Address, result.Cause!);
                break;
            default:
                bool isNew = _lastLocalWarning is not { } last || now - last >= _quietTime;
                _lastLocalWarning = isNew ? now : _lastLocalWarning;
                logger.HealthCheckNotMade(isNew ? LogLevel.Warning : LogLevel.Debug, route, member.Address, result.Cause!);
                break;
        }
    }

    /// <summary>Logs that a client was refused because no upstream is healthy: once, until one is.</summary>
    internal void LogNoneHealthy(string route)
    {
        if (!_hasLoggedNoneHealthy)
        {
            _hasLoggedNoneHealthy = true;
            logger.NoUpstreamLeft(route);
        }
    }

    /// <summary>Logs a failed look-up, as a warning when the one before had succeeded; and the first that succeeds after it.</summary>
    internal void LogLookup(string route, LookupResult result)
    {
        if (result.Error is { } error)
        {
            logger.LookupFailed(
                result.FailedBefore ? LogLevel.Debug : LogLevel.Warning,
                route,
                result.Name,
                error,
                result.HasOld ? "its last addresses stay in use" : "it gets no connections until it is resolved");
        }
        else if (result.FailedBefore)
        {
            logger.LookupWorksAgain(route, result.Name);
        }
    }

    /// <summary>Logs what a source has found.</summary>
    /// <param name="route">The name of the route.</param>
    /// <param name="upstream">The upstream, as it is configured.</param>
    /// <param name="before">What the source had found before; null for nothing.</param>
    /// <param name="servers">What it has found.</param>
    internal void LogFound(string route, string upstream, FoundServers? before, FoundServers servers)
    {
        if (servers.All.Count == 0)
        {
            logger.NoServersFound(route, upstream);
        }
        else
        {
            string count = servers.All.Count == 1 ? "1 server" : $"{servers.All.Count} servers";
            logger.ServersFound(route, upstream, count, ChangesOf(before ?? FoundServers.None, servers));
        }

        foreach (string fault in servers.Faults)
        {
            logger.ServerLeftOut(route, upstream, fault);
        }
    }

    private static string ChangesOf(FoundServers before, FoundServers servers)
    {
        HashSet<string> old = [.. before.All.Select(static one => one.Name)];
        HashSet<string> all = [.. servers.All.Select(static one => one.Name)];
        string[] changes =
        [
            .. servers.All.Where(one => !old.Contains(one.Name)).Select(static one => $"{one.Name} is new"),
            .. before.All.Where(one => !all.Contains(one.Name)).Select(static one => $"{one.Name} is gone"),
        ];
        string more = changes.Length > MostNamed ? $", and {changes.Length - MostNamed} more" : "";
        return changes.Length == 0 ? "with other addresses, weights or priorities" : string.Join(", ", changes.Take(MostNamed)) + more;
    }
}
