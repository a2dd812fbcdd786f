using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>The plain case: what goes in comes out, for everybody at once, over every kind of endpoint.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class EchoTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task The_one_liner_relays()
    {
        await using var upstream = new EchoUpstream();
        await using TcpProxy proxy = await TcpProxy.StartNewAsync("127.0.0.1:0", upstream.Endpoint.ToString()!);

        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
    }

    [Test]
    public async Task Many_clients_at_once_get_exactly_their_bytes_back()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);

        await ManyClients.GetTheirBytesBack(proxy, clients: 100, longest: 400_000, SendInPieces);
    }

    [TestCase("127.0.0.1:0", AddressFamily.InterNetwork)]
    [TestCase("[::1]:0", AddressFamily.InterNetworkV6)]
    [TestCase("localhost:0", AddressFamily.InterNetwork)]
    [TestCase("localhost:0", AddressFamily.InterNetworkV6)]
    [TestCase("0", AddressFamily.InterNetwork)]
    [TestCase("0", AddressFamily.InterNetworkV6)]
    [TestCase("*:0", AddressFamily.InterNetwork)]
    [TestCase("*:0", AddressFamily.InterNetworkV6)]
    public async Task Every_form_of_listen_endpoint_takes_clients_of_its_families(string listen, AddressFamily family)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route => route.Listen.Add(listen));
        IPAddress loopback = family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;

        int[] ports = [.. proxy.Proxy.Endpoints.Select(static endpoint => ((IPEndPoint)endpoint).Port).Distinct()];
        Assert.That(ports, Has.Length.EqualTo(1), "one port for all addresses of an endpoint");
        Assert.That(proxy.Log.CountOf("ListeningOnPort"), Is.EqualTo(1), "one line for all addresses of an endpoint");
        using Peer client = await Peer.Connect(new IPEndPoint(loopback, ports[0]));
        await client.Echoes("hello");
    }

    [Test]
    public async Task A_route_listens_on_all_of_its_endpoints()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, route =>
        {
            route.Listen.Add("127.0.0.1:0");
            route.Listen.Add("[::1]:0");
        });

        Assert.That(proxy.Proxy.Endpoints, Has.Count.EqualTo(2));
        foreach (EndPoint endpoint in proxy.Proxy.Endpoints)
        {
            using Peer client = await Peer.Connect(endpoint);
            await client.Echoes("hello");
        }
    }

    [Test]
    public async Task Each_route_goes_to_its_own_upstream()
    {
        await using var first = new TestUpstream();
        await using var second = new TestUpstream();
        await using var proxy = new TcpProxy(new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = first.Endpoint.ToString()! } } },
                new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = second.Endpoint.ToString()! } } },
            },
        });
        await proxy.StartAsync();

        using Peer toFirst = await Peer.Connect(proxy.Endpoints[0]);
        using Peer toSecond = await Peer.Connect(proxy.Endpoints[1]);
        await toFirst.Send("one");
        await toSecond.Send("two");

        Assert.That(await (await first.Accept()).ReceiveText(3), Is.EqualTo("one"));
        Assert.That(await (await second.Accept()).ReceiveText(3), Is.EqualTo("two"));
    }

    [Test]
    public async Task A_server_that_speaks_first_is_heard()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);

        using Peer client = await proxy.Connect();
        await (await upstream.Accept()).Send("220 ready");

        Assert.That(await client.ReceiveText(9), Is.EqualTo("220 ready"));
    }

    private static async Task SendInPieces(Peer client, ReadOnlyMemory<byte> message)
    {
        var lengths = new Random(message.Length);
        while (!message.IsEmpty)
        {
            int length = Math.Min(message.Length, lengths.Next(1, 100_000));
            await client.Send(message[..length]);
            message = message[length..];
        }

        client.Fin();
    }
}
