using ProxyCore.Settings;

namespace ProxyCore.Connections.Faults;

/// <summary>The toxics of a route, in the order of their effect. Any thread.</summary>
/// <remarks>A connection follows a change when its loop tells it: the caller of each change sees to that.</remarks>
internal sealed class RouteToxics(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RouteToxic, ITimer> _timers = [];
    private volatile IReadOnlyList<RouteToxic> _all = [];

    /// <summary>Called when a toxic has left because its time was over.</summary>
    internal Action<RouteToxics>? Expired { get; set; }

    internal IReadOnlyList<RouteToxic> All => _all;

    internal RouteToxic? Find(string name) => _all.FirstOrDefault(one => one.Name == name);

    /// <summary>Adds a toxic behind all others; null when there is one of its name.</summary>
    internal RouteToxic? TryAdd(ToxicSettings settings, long lastConnection)
    {
        lock (_gate)
        {
            if (Find(settings.Name) is not null)
            {
                return null;
            }

            var toxic = new RouteToxic(settings, lastConnection);
            _all = [.. _all, toxic];
            StartTimer(toxic);
            return toxic;
        }
    }

    /// <summary>Changes what a toxic does; false when it is gone.</summary>
    internal bool TryChange(RouteToxic toxic, ToxicSettings settings)
    {
        lock (_gate)
        {
            if (!_all.Contains(toxic))
            {
                return false;
            }

            bool hasNewTime = toxic.Settings.Toxic.Duration != settings.Toxic.Duration;
            toxic.Change(settings);
            if (hasNewTime)
            {
                StopTimer(toxic);
                StartTimer(toxic);
            }

            return true;
        }
    }

    /// <summary>Removes a toxic; false when it is gone already.</summary>
    internal bool TryRemove(RouteToxic toxic)
    {
        lock (_gate)
        {
            StopTimer(toxic);
            int count = _all.Count;
            _all = [.. _all.Where(one => one != toxic)];
            return _all.Count < count;
        }
    }

    /// <summary>
    /// Follows a configuration that has changed. What was changed by hand stays, unless the configuration says something new
    /// about it.
    /// </summary>
    /// <returns>Whether anything has changed.</returns>
    internal bool Follow(ValueList<ToxicSettings> before, ValueList<ToxicSettings> after, long lastConnection)
    {
        bool hasChanged = false;
        foreach (ToxicSettings removed in before.Where(one => !after.Any(other => other.Name == one.Name)))
        {
            hasChanged |= Find(removed.Name) is { } toxic && TryRemove(toxic);
        }

        foreach (ToxicSettings settings in after.Where(one => !before.Contains(one)))
        {
            RouteToxic? present = Find(settings.Name);
            if (present is not null && present.Settings.Toxic.Type != settings.Toxic.Type)
            {
                TryRemove(present);
                present = null;
            }

            hasChanged |= present is null ? TryAdd(settings, lastConnection) is not null : TryChange(present, settings);
        }

        return hasChanged;
    }

    /// <summary>The proxy has ended: no toxic leaves by its time any more.</summary>
    internal void StopTimers()
    {
        lock (_gate)
        {
            foreach (ITimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void StartTimer(RouteToxic toxic)
    {
        if (toxic.Settings.Toxic.Duration is { } duration)
        {
            _timers[toxic] = clock.CreateTimer(_ => Expire(toxic), null, duration, Timeout.InfiniteTimeSpan);
        }
    }

    private void StopTimer(RouteToxic toxic)
    {
        if (_timers.Remove(toxic, out ITimer? timer))
        {
            timer.Dispose();
        }
    }

    private void Expire(RouteToxic toxic)
    {
        if (TryRemove(toxic))
        {
            Expired?.Invoke(this);
        }
    }
}
