using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>All loops are started or none, and sharing an address among them shares it with nobody else.</summary>
[TestFixture(1, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.HandOver)]
internal sealed class StartTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    [TestCase("{0}")]
    [TestCase("*:{1}")]
    [TestCase("localhost:{1}")]
    public async Task An_address_in_use_is_told_and_nothing_stays_open(string format)
    {
        await using var occupier = new TestUpstream();
        string taken = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, format, occupier.Endpoint, ((IPEndPoint)occupier.Endpoint).Port);
        int before = Descriptors.Count();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Start(route =>
        {
            route.Listen.Add("localhost:0");
            route.Listen.Add(taken);
        }));

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on {taken}: the address is already in use"));
        Assert.That(exception.SocketError, Is.EqualTo(SocketError.AddressAlreadyInUse));
        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
    }

    [Test]
    public async Task A_second_proxy_on_the_same_address_is_refused_and_the_first_serves_on()
    {
        await using RunningProxy first = await Start();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(
            () => Start(route => route.Listen.Add(first.Endpoint.ToString()!)));

        Assert.That(exception!.SocketError, Is.EqualTo(SocketError.AddressAlreadyInUse));
        await EndOrderly(await ConnectServed(first, 4 * Loops));
    }

    [Test]
    public async Task A_successor_may_listen_at_once_while_connections_are_finishing()
    {
        await using RunningProxy first = await Start();
        Peer[] clients = await ConnectServed(first, 4 * Loops);
        Task stop = first.Proxy.StopAsync();
        await first.Log.Saw("Draining");

        await using RunningProxy second = await Start(
            route => route.Listen.Add(first.Endpoint.ToString()!));

        Peer[] more = await ConnectServed(second, 4 * Loops);
        await Task.WhenAll(clients.Select(static client => client.Echoes("still here")));
        await EndOrderly([.. clients, .. more]);
        await Bound.Within("the stop", stop);
    }

    [Test]
    public async Task Start_and_stop_again_and_again_leaves_nothing()
    {
        await StartRelayStop();
        int before = Descriptors.Count();

        for (int round = 0; round < 10; round++)
        {
            await StartRelayStop();
        }

        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
    }

    private async Task StartRelayStop()
    {
        await using RunningProxy proxy = await Start();
        await EndOrderly(await ConnectServed(proxy, 10));
        await Bound.Within("the stop", proxy.Proxy.StopAsync());
        await Upstream.HasNoConnections();
    }
}
