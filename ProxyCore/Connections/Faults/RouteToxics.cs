using System.Globalization;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Faults;

/// <summary>The toxics of a route, in the order of their effect. Any thread.</summary>
/// <remarks>A connection follows a change when its loop tells it: the caller of each change sees to that.</remarks>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where each change is logged.</param>
internal sealed class RouteToxics(TimeProvider clock, ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RouteToxic, ITimer> _timers = [];
    private volatile IReadOnlyList<RouteToxic> _all = [];
    private volatile string _route = "";
    private bool _isClosed;

    /// <summary>Called when a toxic has left because its time was over.</summary>
    internal Action<RouteToxics>? Expired { get; set; }

    internal IReadOnlyList<RouteToxic> All => _all;

    /// <summary>The name of the route, which a change of the configuration may change.</summary>
    internal string Route
    {
        get => _route;
        set => _route = value;
    }

    internal RouteToxic? Find(string name) => _all.FirstOrDefault(one => one.Name == name);

    /// <summary>Adds a toxic behind all others; null when there is one of its name.</summary>
    internal RouteToxic? TryAdd(ToxicSettings settings, long lastConnection)
    {
        var toxic = new RouteToxic(settings, lastConnection);
        lock (_gate)
        {
            if (Find(settings.Name) is not null)
            {
                return null;
            }

            _all = [.. _all, toxic];
            StartTimer(toxic);
        }

        logger.ToxicAdded(Printable.Shorten(toxic.Name), Printable.Shorten(Route), Describe(settings));
        return toxic;
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
        }

        logger.ToxicChanged(Printable.Shorten(toxic.Name), Printable.Shorten(Route), Describe(settings));
        return true;
    }

    /// <summary>Removes a toxic; false when it is gone already.</summary>
    internal bool TryRemove(RouteToxic toxic)
    {
        bool isThere = TryTakeOut(toxic);
        if (isThere)
        {
            logger.ToxicRemoved(Printable.Shorten(toxic.Name), Printable.Shorten(Route), toxic.Connections, toxic.Ended);
        }

        return isThere;
    }

    /// <summary>The proxy ends: nothing expires any more. A timer that goes on would keep the proxy in memory.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (ITimer timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
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
            if (present is not null && !IsChangeable(present.Settings.Toxic, settings.Toxic))
            {
                TryRemove(present);
                present = null;
            }

            hasChanged |= present is null ? TryAdd(settings, lastConnection) is not null : TryChange(present, settings);
        }

        return hasChanged;
    }

    /// <summary>A stage can do something else of its kind; it can't become another kind, or move to the other direction.</summary>
    private static bool IsChangeable(Toxic from, Toxic to) => (from.Type, from.Stream) == (to.Type, to.Stream);

    private static string Describe(ToxicSettings settings)
    {
        string text = settings.Toxic.ToString();
        return Printable.Shorten(settings.Toxic.Toxicity < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{text} toxicity={settings.Toxic.Toxicity}")
            : text);
    }

    private bool TryTakeOut(RouteToxic toxic)
    {
        lock (_gate)
        {
            StopTimer(toxic);
            int count = _all.Count;
            _all = [.. _all.Where(one => one != toxic)];
            return _all.Count < count;
        }
    }

    private void StartTimer(RouteToxic toxic)
    {
        if (!_isClosed && toxic.Settings.Toxic.Duration is { } duration)
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
        if (TryTakeOut(toxic))
        {
            logger.ToxicExpired(Printable.Shorten(toxic.Name), Printable.Shorten(Route), toxic.Connections, toxic.Ended);
            Expired?.Invoke(this);
        }
    }
}
