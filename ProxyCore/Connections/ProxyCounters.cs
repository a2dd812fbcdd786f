using ProxyCore.Connections.Counting;

namespace ProxyCore.Connections;

/// <summary>The counters of all routes of a proxy, of those that were removed too. Any thread may read.</summary>
/// <remarks>
/// <para>
/// A removed route still counts the ends of its connections. Its counters stay under its name; a new route of that name
/// goes on with them, so a series of a monitoring system never goes back. Those of a route without a name go to one sum
/// of all removed routes: its generated name belongs to another route then.
/// </para>
/// <para>
/// Bound: of the removed routes without connections the last <see cref="MostRemoved"/> keep their names; those of older
/// ones are added to the sum. That is done at a later change than the one that removes the route: a client may be on its
/// way from the loop that accepted it to the one that counts it.
/// </para>
/// </remarks>
internal sealed class ProxyCounters
{
    /// <summary>The name of the sum.</summary>
    internal const string RemovedName = "(removed)";

    internal const int MostRemoved = 64;

    /// <summary>The name of the clients that end before they have a route.</summary>
    internal const string UnroutedName = "(none)";

    private volatile Counted _counted = new([], [], new TrafficSum());

    /// <param name="loops">How many loops count.</param>
    internal ProxyCounters(int loops) => Unrouted = new RouteCounters(loops);

    /// <summary>The counters of clients that have no route yet, and of those that end without one.</summary>
    internal RouteCounters Unrouted { get; }

    /// <summary>The counters of a removed route with that name; null when there are none.</summary>
    internal RouteCounters? FindRemoved(string name) =>
        _counted.RemovedByName.GetValueOrDefault(name);

    /// <summary>Changes the routes. One caller at a time.</summary>
    internal void Use(IEnumerable<Route> routes)
    {
        Counted before = _counted;
        Row[] now = [.. routes.Select(static route => new Row(GivenNameOf(route), route.Settings.Name, route.Counters))];
        HashSet<RouteCounters> used = [.. now.Select(static route => route.Counters)];
        Row[] removed = [.. before.Removed.Concat(before.Now).Where(route => used.Add(route.Counters))];

        int tooMany = removed.Count(static route => route.Name is not null) - MostRemoved;
        HashSet<RouteCounters> mayEnd = [.. before.Removed.Select(static route => route.Counters)];
        Row[] over = [.. removed.Where(route => mayEnd.Contains(route.Counters) && IsOver(route, ref tooMany))];
        TrafficSum past = TrafficSum.Of(over.Select(static route => route.Counters));
        before.Past.AddTo(past);
        _counted = new Counted(now, [.. removed.Except(over)], past);
    }

    /// <summary>The sum of all routes.</summary>
    internal TrafficSum Read()
    {
        Counted counted = _counted;
        TrafficSum sum = TrafficSum.Of(counted.Now.Concat(counted.Removed).Select(static route => route.Counters));
        Unrouted.AddTo(sum);
        counted.Past.AddTo(sum);
        return sum;
    }

    /// <summary>What reports call a route; null stands for none.</summary>
    internal static string NameOf(Route? route) => route?.Settings.Name ?? UnroutedName;

    /// <summary>The sums of the routes by their names, each name once.</summary>
    internal IReadOnlyDictionary<string, TrafficSum> ReadRoutes()
    {
        Counted counted = _counted;
        var sums = new Dictionary<string, TrafficSum>();
        foreach (Row route in counted.Now)
        {
            route.Counters.AddTo(SumOf(sums, route.ShownName));
        }

        foreach (Row route in counted.Removed)
        {
            route.Counters.AddTo(SumOf(sums, route.Name ?? RemovedName));
        }

        TrafficSum unrouted = TrafficSum.Of([Unrouted]);
        if (unrouted.Accepted + unrouted.Active > 0)
        {
            unrouted.AddTo(SumOf(sums, UnroutedName));
        }

        if (counted.Past.Accepted > 0)
        {
            counted.Past.AddTo(SumOf(sums, RemovedName));
        }

        return sums;
    }

    private static string? GivenNameOf(Route route) => route.Settings.IsNamed ? route.Settings.Name : null;

    private static bool IsOver(Row route, ref int tooMany)
    {
        if ((route.Name is not null && tooMany <= 0) || TrafficSum.Of([route.Counters]).Active != 0)
        {
            return false;
        }

        tooMany -= route.Name is null ? 0 : 1;
        return true;
    }

    private static TrafficSum SumOf(Dictionary<string, TrafficSum> sums, string name)
    {
        if (!sums.TryGetValue(name, out TrafficSum? sum))
        {
            sums.Add(name, sum = new TrafficSum());
        }

        return sum;
    }

    /// <param name="Name">The name from the options; null when there is none.</param>
    /// <param name="ShownName">The same, or the generated name.</param>
    /// <param name="Counters">What it has done.</param>
    private sealed record Row(string? Name, string ShownName, RouteCounters Counters);

    /// <param name="Now">The routes in use.</param>
    /// <param name="Removed">The others, the one that was removed last at the end.</param>
    /// <param name="Past">What was added to the sum.</param>
    private sealed record Counted(IReadOnlyList<Row> Now, IReadOnlyList<Row> Removed, TrafficSum Past)
    {
        internal IReadOnlyDictionary<string, RouteCounters> RemovedByName { get; } = Removed
            .Where(static route => route.Name is not null)
            .DistinctBy(static route => route.Name)
            .ToDictionary(static route => route.Name!, static route => route.Counters);
    }
}
