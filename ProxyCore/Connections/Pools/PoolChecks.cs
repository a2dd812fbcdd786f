using ProxyCore.Connections.Encrypting;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The health checks of a pool: one checker for each member. Belongs to the thread of the pool.</summary>
internal sealed class PoolChecks(SelectLoop loop, LoopTls tls, Action<PoolMember, CheckResult> isChecked)
{
    private readonly Dictionary<PoolMember, HealthChecker> _checkers = [];

    /// <summary>Checks these members and no others. A member that is checked already keeps its place in the interval.</summary>
    internal void Use(IReadOnlyList<PoolMember> members, RouteSettings route)
    {
        members = [.. members.Where(static member => member.Administration != UpstreamAdministration.Disabled)];
        if (route.Pool.Check is not { } settings)
        {
            Stop();
            foreach (PoolMember member in members)
            {
                member.NoteUnchecked();
            }

            return;
        }

        foreach (PoolMember gone in _checkers.Keys.Except(members).ToArray())
        {
            _checkers.Remove(gone, out HealthChecker? checker);
            checker!.Stop();
        }

        for (int i = 0; i < members.Count; i++)
        {
            // The first checks are spread over the interval.
            Check(members[i], route, settings, firstDelay: settings.Interval * (i / (double)members.Count));
        }
    }

    internal void Stop()
    {
        foreach (HealthChecker checker in _checkers.Values)
        {
            checker.Stop();
        }

        _checkers.Clear();
    }

    private void Check(PoolMember member, RouteSettings route, HealthCheckSettings settings, TimeSpan firstDelay)
    {
        if (_checkers.TryGetValue(member, out HealthChecker? checker))
        {
            checker.Update(route, settings);
            return;
        }

        checker = new HealthChecker(loop, route, member, settings, tls, isChecked);
        _checkers.Add(member, checker);
        checker.Start(firstDelay);
    }
}
