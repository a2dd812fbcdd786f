using ProxyCore.Connections;
using ProxyCore.Connections.Faults;
using ProxyCore.Settings;

namespace ProxyCore;

/// <content>Faults on purpose.</content>
public sealed partial class TcpProxy
{
    /// <summary>
    /// Adds a fault, behind those that are there already. It acts on open connections too; completes when all of them follow.
    /// It stays, over changes by <see cref="ApplyAsync"/> as well, until it is removed or its time is over.
    /// </summary>
    /// <remarks>
    /// <code>
    /// await using (await proxy.AddToxicAsync(new LatencyToxic { Latency = TimeSpan.FromMilliseconds(300) }))
    /// {
    ///     // All that comes from the upstream takes 300 ms longer.
    /// }
    /// </code>
    /// </remarks>
    /// <param name="toxic">The fault. Read here, once: later changes of the object have no effect.</param>
    /// <param name="route">The name of the route; null when the proxy has only one.</param>
    /// <param name="cancellationToken">Gives up waiting; the toxic is there.</param>
    /// <returns>The toxic at work. Disposing it removes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="toxic"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The toxic has errors, its name is taken, there is no such route, or no route is named and there are several.
    /// </exception>
    /// <exception cref="InvalidOperationException">The proxy is not running.</exception>
    public async Task<ActiveToxic> AddToxicAsync(Toxic toxic, string? route = null, CancellationToken cancellationToken = default)
    {
        ToxicSettings settings = ToxicReader.Read(toxic);
        ShardGroup shards = _life.RequireRunning().Shards;
        Route target = FindRoute(shards, route);
        RouteToxic added = target.Toxics.TryAdd(settings, shards.LastConnection)
            ?? throw new ArgumentException($"the route {target.Settings.Name} has a toxic with the name '{settings.Name}' already", nameof(toxic));
        await shards.FollowToxicsAsync(target.Toxics).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new ActiveToxic(shards, target.Settings.Name, target.Toxics, added);
    }

    /// <summary>The toxics at work now, in the order of their effect; none when it does not run.</summary>
    /// <param name="route">The name of a route; null for all of them.</param>
    /// <exception cref="ArgumentException">There is no such route.</exception>
    public IReadOnlyList<ActiveToxic> GetToxics(string? route = null)
    {
        if (State != ProxyState.Running || Running is not { Shards: var shards })
        {
            return [];
        }

        IEnumerable<Route> routes = route is null ? shards.Routes.Routes.Values : [FindRoute(shards, route)];
        return
        [
            .. routes.SelectMany(one => one.Toxics.All, (one, toxic) => new ActiveToxic(shards, one.Settings.Name, one.Toxics, toxic)),
        ];
    }

    private static Route FindRoute(ShardGroup shards, string? route)
    {
        IReadOnlyDictionary<string, Route> routes = shards.Routes.Routes;
        if (route is not null)
        {
            return routes.GetValueOrDefault(route) ?? throw new ArgumentException($"there is no route '{route}'", nameof(route));
        }

        return routes.Count == 1
            ? routes.Values.First()
            : throw new ArgumentException($"the proxy has {routes.Count} routes: name one", nameof(route));
    }
}
