using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Extending;

/// <summary>A route can be chosen by something else than the endpoint.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class RouteSelectorTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Client_goes_where_the_selector_says_also_to_a_route_without_endpoints()
    {
        await using var usual = new EchoUpstream();
        await using var other = new EchoUpstream();
        var selector = new Selector(static _ => "other");
        await using RunningProxy proxy = await RunningProxy.To(usual.Endpoint, options: options => Select(options, selector, other));

        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        Assert.That((usual.Accepted, other.Accepted), Is.EqualTo((0, 1)));
        Assert.That(selector.Client!.Route, Is.EqualTo("route1"));
        Assert.That(selector.Client.Address, Is.EqualTo(client.Socket.LocalEndPoint));
    }

    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.2")]
    public async Task Selector_knows_which_of_the_addresses_behind_a_wildcard_the_client_came_to(string address)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("elsewhere 127.0.0.1 is the only address of the loopback interface");
        }

        await using var usual = new EchoUpstream();
        var selector = new Selector(static _ => null);
        await using RunningProxy proxy = await RunningProxy.To(
            usual.Endpoint, static route => route.Listen.Add("0.0.0.0:0"), options => options.RouteSelector = selector);
        var endpoint = new IPEndPoint(IPAddress.Parse(address), ((IPEndPoint)proxy.Endpoint).Port);

        using Peer client = await Peer.Connect(endpoint);
        await client.Echoes("hello");

        Assert.That(selector.Client!.LocalEndPoint, Is.EqualTo(endpoint));
    }

    [Test]
    public async Task Client_goes_the_way_of_its_endpoint_when_the_selector_says_nothing()
    {
        await using var usual = new EchoUpstream();
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            usual.Endpoint, options: options => Select(options, new Selector(static _ => null), other));

        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        Assert.That((usual.Accepted, other.Accepted), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Route_that_does_not_exist_ends_the_connection_and_no_other()
    {
        await using var usual = new EchoUpstream();
        await using var other = new EchoUpstream();
        string? choice = null;
        await using RunningProxy proxy = await RunningProxy.To(
            usual.Endpoint, options: options => Select(options, new Selector(_ => choice), other));
        using Peer bystander = await proxy.Connect();
        await bystander.Echoes("hello");

        choice = "nowhere";
        using Peer victim = await proxy.Connect();

        await victim.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Fault));
        await bystander.Echoes("still there");
    }

    [Test]
    public async Task Selector_that_throws_ends_the_connection_and_no_other()
    {
        await using var usual = new EchoUpstream();
        await using var other = new EchoUpstream();
        bool throws = false;
        await using RunningProxy proxy = await RunningProxy.To(usual.Endpoint, options: options => Select(
            options, new Selector(_ => throws ? throw new InvalidDataException("a selector that throws") : null), other));
        using Peer bystander = await proxy.Connect();
        await bystander.Echoes("hello");

        throws = true;
        using Peer victim = await proxy.Connect();

        await victim.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.Fault));
        throws = false;
        await bystander.Echoes("still there");
    }

    private static void Select(TcpProxyOptions options, IRouteSelector selector, TestUpstream other)
    {
        options.RouteSelector = selector;
        options.Routes.Add(new() { Name = "other", Upstreams = { new() { Address = other.Endpoint.ToString()! } } });
    }

    private sealed class Selector(Func<ClientInfo, string?> choose) : IRouteSelector
    {
        internal ClientInfo? Client { get; private set; }

        public string? ChooseRoute(ClientInfo client)
        {
            Client = client;
            return choose(client);
        }
    }
}
