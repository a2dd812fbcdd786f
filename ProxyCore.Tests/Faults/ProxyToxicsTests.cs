using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Faults;

/// <summary>Toxics of a running proxy: how they are added, changed and removed, and which connections they act on.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ProxyToxicsTests(int loops)
{
    private readonly EchoUpstream _upstream = new();

    [OneTimeTearDown]
    public ValueTask StopUpstream() => _upstream.DisposeAsync();

    [Test]
    public async Task Toxic_acts_until_it_is_disposed_of_and_the_open_connection_lives_on()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        await client.Echoes("before");

        ActiveToxic stall = await proxy.Proxy.AddToxicAsync(new StallToxic());
        await client.Send("held");
        await proxy.HasRelayed(ConnectionSide.Client, "beforeheld".Length);
        Assert.That(proxy.Proxy.GetStatistics().BytesToClients, Is.EqualTo("before".Length));
        await stall.DisposeAsync();

        Assert.That(await client.ReceiveText(4), Is.EqualTo("held"));
        await client.Echoes("after");
    }

    [Test]
    public async Task Refused_connection_ends_by_its_toxic_and_says_which()
    {
        var ends = new EndedConnections();
        await using RunningProxy proxy = await Start(options: options => options.ConnectionObservers.Add(ends));
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Name = "outage" });

        await IsRefused(proxy);

        TcpProxyStatistics statistics = await proxy.Ended();
        Assert.That(statistics.Ended[EndReason.Toxic], Is.EqualTo(1));
        Assert.That(ends.Toxics, Is.EqualTo(["outage"]));
        Assert.That((toxic.Connections, toxic.EndedConnections), Is.EqualTo((1, 1)));
    }

    [TestCase(ToxicDirection.Upstream, ToxicEnd.Reset)]
    [TestCase(ToxicDirection.Upstream, ToxicEnd.Fin)]
    [TestCase(ToxicDirection.Downstream, ToxicEnd.Reset)]
    [TestCase(ToxicDirection.Downstream, ToxicEnd.Fin)]
    public async Task Closed_connection_ends_by_its_toxic_and_says_which(ToxicDirection stream, ToxicEnd end)
    {
        var ends = new EndedConnections();
        await using RunningProxy proxy = await Start(options: options => options.ConnectionObservers.Add(ends));
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new CloseToxic { Name = "cut", Stream = stream, End = end });

        using Peer client = await proxy.Connect();
        await client.Send("hello");
        await (end == ToxicEnd.Reset ? client.ReceivesReset() : client.ReceivesEof());
        client.Fin();

        TcpProxyStatistics statistics = await proxy.Ended();
        Assert.That(statistics.Ended[EndReason.Toxic], Is.EqualTo(1));
        Assert.That(ends.Toxics, Is.EqualTo(["cut"]));
        Assert.That((toxic.Connections, toxic.EndedConnections), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Ended_connections_are_counted_when_the_client_sees_the_end([Values] ToxicEnd end)
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new CloseToxic { Stream = ToxicDirection.Upstream, End = end });

        for (int connection = 1; connection <= 50; connection++)
        {
            using Peer client = await proxy.Connect();
            await client.Send("hello");
            await client.ReceiveWhatComes();
            Assert.That((toxic.Connections, toxic.EndedConnections), Is.EqualTo((connection, connection)));
        }
    }

    [Test]
    public async Task Only_the_connections_between_skipped_and_taken_are_hit()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { SkipConnections = 2, TakeConnections = 3 });

        Assert.That(await Fates(proxy, 8), Is.EqualTo("..xxx..."));
        Assert.That((toxic.Connections, toxic.EndedConnections), Is.EqualTo((3, 3)));
    }

    [Test]
    public async Task Scope_tells_open_connections_from_new_ones()
    {
        await using RunningProxy proxy = await Start();
        using Peer open = await proxy.Connect();
        await open.Echoes("hello");

        await using (await proxy.Proxy.AddToxicAsync(Close("new", ToxicScope.NewConnections)))
        {
            await open.Echoes("not hit");
            Assert.That(await IsServed(proxy), Is.False);
        }

        await using (await proxy.Proxy.AddToxicAsync(Close("open", ToxicScope.OpenConnections)))
        {
            Assert.That(await IsServed(proxy), Is.True);
            await open.Send("hit");
            await open.ReceivesReset();
        }

        static CloseToxic Close(string name, ToxicScope scope) => new() { Name = name, Stream = ToxicDirection.Upstream, Scope = scope };
    }

    [TestCase("127.0.0.0/8", ExpectedResult = false)]
    [TestCase("10.0.0.0/8", ExpectedResult = true)]
    public async Task<bool> Only_clients_of_the_given_ranges_are_hit(string range)
    {
        await using RunningProxy proxy = await Start();
        await proxy.Proxy.AddToxicAsync(new RefuseToxic { Clients = { range } });
        return await IsServed(proxy);
    }

    [Test]
    public async Task Same_seed_gives_connections_that_come_in_order_the_same_fates()
    {
        string[] runs = [await Run(seed: 7), await Run(seed: 7), await Run(seed: 8)];

        Assert.That(runs[1], Is.EqualTo(runs[0]));
        Assert.That(runs[2], Is.Not.EqualTo(runs[0]));

        async Task<string> Run(long seed)
        {
            await using RunningProxy proxy = await Start(options: options => options.ToxicSeed = seed);
            await proxy.Proxy.AddToxicAsync(new RefuseToxic { Toxicity = 0.5 });
            return await Fates(proxy, 32);
        }
    }

    [Test]
    public async Task Update_acts_on_what_comes_next_and_keeps_name_and_stream()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Name = "outage" });
        Assert.That(await IsServed(proxy), Is.False);

        Assert.That(await toxic.UpdateAsync(new RefuseToxic { Toxicity = 0, Stream = ToxicDirection.Upstream }), Is.True);

        Assert.That(await IsServed(proxy), Is.True);
        Assert.That((toxic.Name, toxic.Toxic.Name, toxic.Toxic.Stream), Is.EqualTo(("outage", "outage", ToxicDirection.Downstream)));
    }

    [Test]
    public async Task Update_with_another_type_or_with_mistakes_changes_nothing()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        Assert.That(() => toxic.UpdateAsync(new CutToxic()), Throws.ArgumentException.With.Message.Contains("'refuse' is of the type refuse"));
        Assert.That(() => toxic.UpdateAsync(new RefuseToxic { Toxicity = 2 }), Throws.ArgumentException.With.Message.Contains("Toxicity"));
        Assert.That(await IsServed(proxy), Is.False);
    }

    [Test]
    public async Task Removed_toxic_is_removed_once_and_its_name_is_free_again()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        Assert.That(await toxic.RemoveAsync(), Is.True);
        Assert.That(await toxic.RemoveAsync(), Is.False);
        Assert.That(await toxic.UpdateAsync(new RefuseToxic()), Is.False);
        await toxic.DisposeAsync();
        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        Assert.That(await IsServed(proxy), Is.True);
        await proxy.Proxy.AddToxicAsync(new RefuseToxic());
    }

    [Test]
    public async Task Name_that_is_taken_and_toxics_with_mistakes_are_refused()
    {
        await using RunningProxy proxy = await Start();
        await proxy.Proxy.AddToxicAsync(new NoOpToxic { Name = "one" });

        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic { Name = "one" }), Throws.ArgumentException.With.Message.Contains("'one'"));
        Assert.That(
            () => proxy.Proxy.AddToxicAsync(new LatencyToxic { Latency = TimeSpan.FromSeconds(-1), Toxicity = double.NaN }),
            Throws.ArgumentException.With.Message.Contains("Latency").And.Message.Contains("Toxicity"));
        Assert.That(proxy.Proxy.GetToxics().Select(static toxic => toxic.Name), Is.EqualTo(["one"]));
    }

    [Test]
    public async Task Route_must_be_named_among_several_and_exist()
    {
        await using RunningProxy proxy = await Start(options: options =>
        {
            options.Routes[0].Name = "web";
            options.Routes.Add(new RouteOptions
            {
                Name = "mail",
                Listen = { "127.0.0.1:0" },
                Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } },
            });
        });

        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic()), Throws.ArgumentException.With.Message.Contains("2 routes"));
        Assert.That(() => proxy.Proxy.AddToxicAsync(new RefuseToxic(), "news"), Throws.ArgumentException.With.Message.Contains("'news'"));
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic(), "mail");

        Assert.That(toxic.Route, Is.EqualTo("mail"));
        Assert.That((proxy.Proxy.GetToxics("web").Count, proxy.Proxy.GetToxics("mail").Count, proxy.Proxy.GetToxics().Count), Is.EqualTo((0, 1, 1)));
        Assert.That(await IsServed(proxy), Is.True);
        await IsRefused(proxy, proxy.Proxy.Endpoints[1]);
    }

    [Test]
    public async Task Proxy_that_does_not_run_takes_no_toxic_and_those_it_had_leave_only_when_they_are_removed()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, options: options => options.Loops = loops);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(1) });
        await proxy.Proxy.StopAsync();

        Assert.That(() => proxy.Proxy.AddToxicAsync(new NoOpToxic()), Throws.InvalidOperationException);
        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        proxy.Clock!.Advance(TimeSpan.FromMinutes(1));
        Task<bool> removal = toxic.RemoveAsync();
        await Bound.Within("the removal", removal);
        Assert.That(await removal, Is.True, "its timer has gone with the proxy");
    }

    [Test]
    public async Task Toxic_with_a_duration_leaves_when_its_time_is_over()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, options: options => options.Loops = loops);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(5) });

        proxy.Clock!.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(await IsServed(proxy), Is.False);
        proxy.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.That(proxy.Proxy.GetToxics(), Is.Empty);
        Assert.That(await toxic.RemoveAsync(), Is.False);
        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task New_duration_counts_from_the_update()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, options: options => options.Loops = loops);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(5) });
        proxy.Clock!.Advance(TimeSpan.FromMinutes(4));

        await toxic.UpdateAsync(new RefuseToxic { Duration = TimeSpan.FromMinutes(2) });
        proxy.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.That(await IsServed(proxy), Is.False);
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task Delayed_connection_waits_for_the_clock_and_goes_on_at_once_when_the_toxic_is_removed()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, options: options => options.Loops = loops);
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new ConnectDelayToxic { Delay = TimeSpan.FromHours(1) });
        int before = _upstream.Accepted;
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await first.Send("hello");
        await HasActedOn(toxic, 2);

        proxy.Clock!.Advance(TimeSpan.FromMinutes(59));
        await proxy.OnEachLoop(static _ => true);
        Assert.That(_upstream.Accepted, Is.EqualTo(before));
        proxy.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await first.ReceiveText(5), Is.EqualTo("hello"));

        using Peer third = await proxy.Connect();
        await HasActedOn(toxic, 3);
        await toxic.RemoveAsync();
        await third.Echoes("hello");
        await second.Echoes("hello");
    }

    [Test]
    public async Task Toxic_added_at_run_time_stays_when_other_options_are_applied()
    {
        await using RunningProxy proxy = await Start();
        ActiveToxic toxic = await proxy.Proxy.AddToxicAsync(new RefuseToxic());

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].ConnectTimeout = TimeSpan.FromSeconds(9);
        await proxy.Proxy.ApplyAsync(options);

        Assert.That(await IsServed(proxy), Is.False);
        Assert.That(await toxic.RemoveAsync(), Is.True);
        Assert.That(await IsServed(proxy), Is.True);
    }

    [Test]
    public async Task Toxics_of_the_options_follow_them_on_open_connections_too()
    {
        await using RunningProxy proxy = await Start(route => route.Toxics.Add(new RefuseToxic { SkipConnections = 1 }));
        using Peer open = await proxy.Connect();
        await open.Echoes("hello");
        Assert.That(await IsServed(proxy), Is.False);

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].Toxics.Clear();
        options.Routes[0].Toxics.Add(new CloseToxic { Stream = ToxicDirection.Upstream, Scope = ToxicScope.OpenConnections });
        await proxy.Proxy.ApplyAsync(options);

        Assert.That(await IsServed(proxy), Is.True);
        await open.Send("hello");
        await open.ReceivesReset();
    }

    [Test]
    public async Task What_was_changed_by_hand_stays_until_the_options_say_something_new_about_it()
    {
        await using RunningProxy proxy = await Start(route =>
        {
            route.Toxics.Add(new RefuseToxic { Name = "one" });
            route.Toxics.Add(new RefuseToxic { Name = "two" });
        });
        ActiveToxic[] toxics = [.. proxy.Proxy.GetToxics()];
        await toxics[0].UpdateAsync(new RefuseToxic { Toxicity = 0 });
        await toxics[1].RemoveAsync();

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].ConnectTimeout = TimeSpan.FromSeconds(9);
        await proxy.Proxy.ApplyAsync(options);
        Assert.That(await IsServed(proxy), Is.True);

        options.Routes[0].Toxics[1].TakeConnections = 1;
        await proxy.Proxy.ApplyAsync(options);
        Assert.That(await Fates(proxy, 2), Is.EqualTo("x."));
        Assert.That(proxy.Proxy.GetToxics().Select(static toxic => toxic.Name), Is.EqualTo(["one", "two"]));
    }

    private Task<RunningProxy> Start(Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.To(_upstream.Endpoint, route, options + (one => one.Loops = loops));

    /// <summary>A letter for each connection: a cross where it fails.</summary>
    private static async Task<string> Fates(RunningProxy proxy, int connections)
    {
        var fates = new char[connections];
        for (int i = 0; i < connections; i++)
        {
            fates[i] = await IsServed(proxy) ? '.' : 'x';
        }

        return new string(fates);
    }

    private static async Task<bool> IsServed(RunningProxy proxy)
    {
        using Peer? client = await TryConnect(proxy.Endpoint);
        try
        {
            await (client?.Send("hello") ?? Task.CompletedTask);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Reset already.
        }

        client?.Fin();
        return client is not null && (await client.ReceiveWhatComes()).Length == "hello".Length;
    }

    private static Task IsRefused(RunningProxy proxy) => IsRefused(proxy, proxy.Endpoint);

    private static async Task IsRefused(RunningProxy proxy, EndPoint endpoint)
    {
        using Peer? client = await TryConnect(endpoint);
        await (client?.ReceivesReset() ?? Task.CompletedTask);
        Assert.That(proxy.Proxy.State, Is.EqualTo(ProxyState.Running));
    }

    /// <summary>A reset that comes while the client connects fails the connect.</summary>
    private static async Task<Peer?> TryConnect(EndPoint endpoint)
    {
        try
        {
            return await Peer.Connect(endpoint);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    private static Task<bool> HasActedOn(ActiveToxic toxic, int connections) =>
        Bound.Within($"{connections} connections", async token =>
        {
            while (toxic.Connections < connections)
            {
                await Task.Delay(1, token);
            }

            return true;
        });

    /// <summary>The toxics that have ended connections.</summary>
    private sealed class EndedConnections : IConnectionObserver
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string?> _toxics = new();

        internal IReadOnlyCollection<string?> Toxics => _toxics;

        public void OnEnded(ConnectionReport connection) => _toxics.Enqueue(connection.Toxic);
    }
}
