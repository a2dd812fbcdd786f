using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Faults;

/// <summary>The connections that a toxic acts on, and how those that it ends are told.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ToxicHitsTests(int loops) : ToxicFixture(loops)
{
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

    /// <summary>The toxics that have ended connections.</summary>
    private sealed class EndedConnections : IConnectionObserver
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string?> _toxics = new();

        internal IReadOnlyCollection<string?> Toxics => _toxics;

        public void OnEnded(ConnectionReport connection) => _toxics.Enqueue(connection.Toxic);
    }
}
