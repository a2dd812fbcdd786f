using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Pools;

/// <summary>The checks of a pool's members, one prober for each. Belongs to the thread of its pool.</summary>
internal sealed class PoolChecks(SelectLoop loop, Action<PoolMember, string?> isChecked)
{
    private readonly Dictionary<PoolMember, HealthChecker> _probers = [];
    private HealthCheckSettings? _settings;

    /// <summary>Checks <paramref name="members"/>, and nobody else, as <paramref name="route"/> says.</summary>
    internal void Use(IReadOnlyList<PoolMember> members, RouteSettings route)
    {
        if (_settings != route.Pool.Check)
        {
            Stop();
            _settings = route.Pool.Check;
        }

        foreach (PoolMember gone in _probers.Keys.Except(members).ToArray())
        {
            _probers.Remove(gone, out HealthChecker? prober);
            prober!.Stop();
        }

        for (int i = 0; i < members.Count; i++)
        {
            Check(members[i], route, i / (double)members.Count);
        }
    }

    internal void Stop()
    {
        foreach (HealthChecker prober in _probers.Values)
        {
            prober.Stop();
        }

        _probers.Clear();
    }

    /// <param name="member">Whom to check.</param>
    /// <param name="route">How.</param>
    /// <param name="share">When in the first interval: not all are checked at the same moment.</param>
    private void Check(PoolMember member, RouteSettings route, double share)
    {
        if (_settings is null)
        {
            member.Health.OnUnchecked();
        }
        else if (!_probers.ContainsKey(member))
        {
            var prober = new HealthChecker(loop, route, member, _settings, isChecked);
            _probers.Add(member, prober);
            prober.Start(_settings.Interval * share);
        }
    }
}
