using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>Several loops are one proxy: every client is served, by one of them, and the figures are all of theirs.</summary>
[TestFixture(1, ClientSpread.OwnListeners)]
[TestFixture(2, ClientSpread.OwnListeners)]
[TestFixture(4, ClientSpread.OwnListeners)]
[TestFixture(1, ClientSpread.HandOver)]
[TestFixture(2, ClientSpread.HandOver)]
[TestFixture(4, ClientSpread.HandOver)]
internal sealed class SpreadTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    [Test]
    public async Task Many_clients_at_once_get_exactly_their_bytes_back()
    {
        await using RunningProxy proxy = await Start();

        await ManyClients.GetTheirBytesBack(
            proxy,
            clients: 60,
            longest: 300_000,
            static (client, message) => client.Send(message).ContinueWith(_ => client.Fin(), TaskScheduler.Default));
    }

    [Test]
    public async Task Clients_come_to_every_loop_and_each_connection_has_a_number_of_its_own()
    {
        const int Clients = 200;
        await using RunningProxy proxy = await Start();

        Peer[] clients = await ConnectServed(proxy, Clients);

        long[] each = [.. proxy.Proxy.Shards.Select(static shard => (long)shard.Connections)];
        Assert.That(each, Has.Length.EqualTo(Loops).And.All.Positive);
        Assert.That(each.Sum(), Is.EqualTo(Clients));
        if (Spread == ClientSpread.HandOver)
        {
            Assert.That(each.Max() - each.Min(), Is.LessThanOrEqualTo(1), "in turn");
        }

        Assert.That(
            proxy.Log.Entries.Where(static entry => entry.Name == "Accepted").Select(static entry => entry.Text.Split(':')[0]),
            Is.EquivalentTo(Enumerable.Range(1, Clients).Select(static id => $"Connection {id}")));
        await EndOrderly(clients);
    }

    [Test]
    public async Task Each_loop_has_a_thread_of_its_own_with_a_name()
    {
        await using RunningProxy proxy = await Start();

        string?[] names = await proxy.OnEachLoop(static _ => Thread.CurrentThread.Name);

        Assert.That(names, Is.EqualTo(Enumerable.Range(1, Loops).Select(static number => $"ProxyCore loop {number}")));
    }

    [TestCase("localhost:0", AddressFamily.InterNetwork)]
    [TestCase("localhost:0", AddressFamily.InterNetworkV6)]
    [TestCase("*:0", AddressFamily.InterNetwork)]
    [TestCase("*:0", AddressFamily.InterNetworkV6)]
    public async Task An_endpoint_is_one_port_on_all_loops_told_once(string listen, AddressFamily family)
    {
        await using RunningProxy proxy = await Start(route => route.Listen.Add(listen));

        int port = proxy.Proxy.Endpoints.Select(static endpoint => ((IPEndPoint)endpoint).Port).Distinct().Single();
        Assert.That(proxy.Proxy.Endpoints, Has.Count.EqualTo(listen == "*:0" ? 1 : 2).And.Unique);
        Assert.That(proxy.Log.CountOf("ListeningOnPort"), Is.EqualTo(1));
        IPAddress loopback = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        for (int client = 0; client < 4 * Loops; client++)
        {
            using Peer peer = await Peer.Connect(new IPEndPoint(loopback, port));
            await peer.Echoes("hello");
        }
    }

    [Test]
    public async Task Clients_of_a_unix_socket_go_to_all_loops_in_turn()
    {
        using var file = new Facts.UnixSocketPath();
        await using (RunningProxy proxy = await Start(route => route.Listen.Add($"unix:{file.Path}")))
        {
            Peer[] clients = await ConnectServed(proxy, 5 * Loops);

            Assert.That(
                proxy.Proxy.Shards.Select(static shard => (long)shard.Connections),
                Is.All.EqualTo(5));
            Assert.That(proxy.Log.CountOf("ListeningOn"), Is.EqualTo(1));
            await EndOrderly(clients);
        }

        Assert.That(file.Path, Does.Not.Exist);
    }
}
