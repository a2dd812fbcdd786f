using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Connections;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Limiting;
using ProxyCore.Connections.Listening;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>
/// A reload of many routes does not hold a loop up: it does nothing for routes that stay as they are, and of many that change a bounded
/// number in each turn.
/// </summary>
internal sealed class LargeReloadTests() : ChangingFixture(loops: 1)
{
    private const int Routes = 300;

    private Shard Shard => Proxy.Shards[0];

    [TestCase(10)]
    [TestCase(Routes)]
    public async Task A_reload_that_changes_nothing_has_no_step_for_a_loop(int routes)
    {
        await StartMany(routes);

        Assert.That(StepsTo(Many(routes)), Is.Zero);
    }

    [TestCase(10)]
    [TestCase(Routes)]
    public async Task A_reload_that_changes_one_route_has_a_step_for_its_pool_and_one_for_its_listener(int routes)
    {
        await StartMany(routes);
        TcpProxyOptions options = Many(routes);
        options.Routes[3].IdleTimeout = TimeSpan.FromMinutes(7);

        Assert.That(StepsTo(options), Is.EqualTo(2));
    }

    [Test]
    public async Task A_route_in_other_words_is_changed()
    {
        await StartMany(2);
        TcpProxyOptions options = Many(2);
        options.Routes[1].Upstreams[0].Address = "LOCALHOST:1";
        await Proxy.ApplyAsync(options);
        options.Routes[1].Upstreams[0].Address = "localhost:1";

        await Proxy.ApplyAsync(options);

        ProxySnapshot snapshot = await Proxy.GetSnapshotAsync(0);
        Assert.That(snapshot.Routes[1].Upstreams.Single().Address, Is.EqualTo("localhost:1"));
    }

    [Test]
    public async Task Routes_that_stay_as_they_are_stay_the_same_objects()
    {
        await StartMany(Routes);
        RouteSet before = Shard.RouteSet;
        TcpProxyOptions options = Many(Routes);
        options.Routes[3].IdleTimeout = TimeSpan.FromMinutes(7);

        await Proxy.ApplyAsync(options);

        RouteSet after = Shard.RouteSet;
        Assert.That(
            after.Routes.Values.Where(route => !ReferenceEquals(route, before.Routes[route.Settings.Name])).Select(static route => route.Settings.Name),
            Is.EqualTo(["route-3"]));
        Assert.That(after.Endpoints.Except(before.Endpoints).Count(), Is.EqualTo(1));
        Assert.That(after.Routes["route-3"].Settings.IdleTimeout, Is.EqualTo(TimeSpan.FromMinutes(7)));
    }

    [Test]
    public async Task A_reload_that_changes_all_routes_changes_a_bounded_number_in_each_turn()
    {
        await StartMany(Routes);
        var watch = new ChangedPerTurn(Shard, To(Second));
        Task watched = watch.UntilAll();

        await Proxy.ApplyAsync(Many(Routes, To(Second)));

        await Bound.Within("all routes are changed", watched);
        Assert.That(watch.Most, Is.InRange(1, ChangeSpread.MostInTurn));
    }

    [Test]
    public async Task A_connection_is_served_while_all_routes_are_replaced_and_all_of_them_serve_afterwards()
    {
        await StartMany(Routes);
        using Peer client = await Connect();
        await client.Echoes("before");
        EndPoint[] old = [.. Proxy.Endpoints];

        Task change = Proxy.ApplyAsync(Many(Routes, To(Second), listen: "127.0.0.2:0"));
        while (!change.IsCompleted)
        {
            await client.Echoes("meanwhile");
        }

        await change;
        await client.Echoes("after");
        Assert.That(Proxy.Endpoints.Intersect(old), Is.Empty);
        foreach (EndPoint endpoint in Proxy.Endpoints)
        {
            using Peer another = await Peer.Connect(endpoint);
            await another.Echoes("hello");
        }

        Assert.That(Second.Accepted, Is.EqualTo(Routes));
    }

    [Test]
    public async Task Snapshot_names_the_endpoints_of_each_of_many_routes()
    {
        await StartMany(Routes);

        ProxySnapshot snapshot = await Proxy.GetSnapshotAsync(0);

        Assert.That(
            snapshot.Routes.Select(static route => route.Endpoints.Single()), Is.EqualTo(Proxy.Endpoints.Select(static one => one.ToString())));
    }

    private async Task StartMany(int routes)
    {
        Proxy = new TcpProxy(Many(routes), Log);
        await Proxy.StartAsync();
    }

    private TcpProxyOptions Many(int count, string? upstream = null, string listen = "127.0.0.1:0")
    {
        var options = new TcpProxyOptions();
        for (int number = 0; number < count; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"route-{number}");
            options.Routes.Add(Route(name, listen, upstream ?? To(First)));
        }

        return options;
    }

    /// <summary>How many steps the loop would have. The change is not made.</summary>
    private int StepsTo(TcpProxyOptions options)
    {
        ProxySettings settings = OptionsReader.Read(options).Settings;
        ProxyServices services = ProxyServices.Create(Log, timeProvider: null, meterFactory: null, name: null);
        var maker = new RouteMaker(Proxy.Shards, services)
        {
            EndSessions = static (_, _) => { },
            StateChanged = static _ => { },
            ToxicExpired = static _ => { },
        };
        using var tls = new ProxyTls(TimeProvider.System, NullLogger.Instance);
        RouteSetChange change = RouteSetChange.Make(
            Shard.RouteSet,
            settings,
            maker,
            ClientSpread.OwnListeners,
            draining: [],
            new ProxyCounters(1),
            new GateChange(TimeProvider.System, NullLogger.Instance, static () => { }),
            tls);
        change.Abandon();
        return change.PoolSteps.Count + change.ListenerStepsOf(Shard).Count + change.LastSteps.Count;
    }

    /// <summary>Looks, in each turn of a loop, how many routes have the new upstream.</summary>
    private sealed class ChangedPerTurn(Shard shard, string upstream) : ILoopMember
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Route[] _routes = [.. shard.RouteSet.Routes.Values];
        private int _before;

        /// <summary>How many were changed in one turn, at the most.</summary>
        internal int Most { get; private set; }

        internal Task UntilAll()
        {
            shard.Loop.Post(this, Look);
            return _all.Task;
        }

        public void Fault(Exception exception) => _all.TrySetException(exception);

        private void Look()
        {
            int changed = _routes.Count(route => route.Pool.Members.Single().Address == upstream);
            Most = Math.Max(Most, changed - _before);
            _before = changed;
            if (changed == _routes.Length)
            {
                _all.SetResult();
                return;
            }

            shard.Loop.Post(this, Look);
        }
    }
}
