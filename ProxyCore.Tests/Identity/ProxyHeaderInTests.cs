using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>From its configured senders an endpoint requires a PROXY header; the declared address is the client's everywhere.</summary>
internal sealed class ProxyHeaderInTests
{
    private const string Header = "PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\n";

    private EchoUpstream _upstream = null!;

    [SetUp]
    public void SetUp() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task TearDown() => await _upstream.DisposeAsync();

    [Test]
    public async Task The_header_is_taken_off_and_what_follows_goes_to_the_upstream()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        await client.Send(Header + "hello");

        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
        await client.Echoes("more");
    }

    [Test]
    public async Task The_header_may_come_byte_by_byte()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        client.Socket.NoDelay = true;

        foreach (char one in Header + "hi")
        {
            await client.Send(one.ToString());
            await proxy.OnLoop(static _ => true);
        }

        Assert.That(await client.ReceiveText(2), Is.EqualTo("hi"));
    }

    [Test]
    public async Task The_declared_address_is_the_clients_in_reports_and_the_senders_stands_beside_it()
    {
        var observer = new LastReport();
        await using RunningProxy proxy = await Start(options: options => options.ConnectionObservers.Add(observer));
        EndPoint sender;
        using (Peer client = await proxy.Connect())
        {
            sender = client.Socket.LocalEndPoint!;
            await client.Send(Header + "hello");
            await client.ReceiveText(5);
            client.Fin();
            await client.ReceivesEof();
        }

        ConnectionReport report = await observer.Ended;
        Assert.That(report.Client, Is.EqualTo(IPEndPoint.Parse("192.0.2.7:51234")));
        Assert.That(report.Destination, Is.EqualTo(IPEndPoint.Parse("198.51.100.1:443")));
        Assert.That(report.Sender, Is.EqualTo(sender));
        Assert.That(report.BytesToUpstream, Is.EqualTo(5));
    }

    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 198.51.100.1 051234 443\r\n")]
    [TestCase("PROXY TCP6 192.0.2.7 198.51.100.1 51234 443\r\n")]
    public async Task Anything_else_ends_the_client_and_never_reaches_the_upstream(string bytes)
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        await client.Send(bytes);
        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ProxyHeaderInvalid));
        Assert.That(_upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_header_that_is_not_whole_in_time_ends_the_client()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint, route => route.Listen.Add(Listen()));
        using Peer client = await proxy.Connect();
        await client.Send("PROXY TCP4");
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ProxyHeaderTimeout));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_sender_that_only_connects_is_no_error()
    {
        await using RunningProxy proxy = await Start();
        using Peer check = await proxy.Connect();

        check.Fin();
        await check.ReceivesEof();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientFin));
        Assert.That(proxy.Log.CountOf("ClientRefused"), Is.Zero);
        Assert.That(_upstream.Accepted, Is.Zero);
    }

    [Test]
    public async Task From_all_other_clients_no_header_is_looked_for()
    {
        await using RunningProxy proxy = await Start("192.0.2.0/24");
        using Peer client = await proxy.Connect();

        await client.Echoes(Header);
    }

    [Test]
    public async Task A_version_that_is_not_accepted_is_refused()
    {
        await using RunningProxy proxy = await Start(configure: static header => header.Versions.Add(2));
        using Peer client = await proxy.Connect();

        await client.Send(Header);
        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ProxyHeaderInvalid));
    }

    [TestCase("PROXY UNKNOWN\r\n")]
    [TestCase("PROXY UNKNOWN ff.ff 1 2 3\r\n")]
    public async Task An_unknown_address_keeps_the_real_one(string header)
    {
        var observer = new LastReport();
        await using RunningProxy proxy = await Start(options: options => options.ConnectionObservers.Add(observer));
        EndPoint sender;
        using (Peer client = await proxy.Connect())
        {
            sender = client.Socket.LocalEndPoint!;
            await client.Send(header + "hello");
            await client.ReceiveText(5);
        }

        ConnectionReport report = await observer.Ended;
        Assert.That((report.Client, report.Sender), Is.EqualTo((sender, (EndPoint?)null)));
    }

    [Test]
    public async Task Senders_on_a_Unix_socket_are_configured_by_name()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route => route.Listen.Add(Listen("unix", address: "unix:" + path)));
        using Peer client = await Peer.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));

        await client.Send(Header + "hello");

        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_selector_sees_the_declared_address()
    {
        var selector = new Recorder();
        await using RunningProxy proxy = await Start(options: options => options.RouteSelector = selector);
        using Peer client = await proxy.Connect();
        await client.Send(Header + "hello");
        await client.ReceiveText(5);

        Assert.That(selector.Client!.Address, Is.EqualTo(IPEndPoint.Parse("192.0.2.7:51234")));
        Assert.That(selector.Client.Destination, Is.EqualTo(IPEndPoint.Parse("198.51.100.1:443")));
        Assert.That(selector.Client.Sender, Is.EqualTo(client.Socket.LocalEndPoint));
    }

    private static ListenOptions Listen(string from = "127.0.0.0/8", Action<ProxyProtocolOptions>? configure = null, string address = "127.0.0.1:0")
    {
        var header = new ProxyProtocolOptions { From = { from } };
        configure?.Invoke(header);
        return new ListenOptions { Address = address, ProxyProtocol = header };
    }

    private Task<RunningProxy> Start(
        string from = "127.0.0.0/8", Action<ProxyProtocolOptions>? configure = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.To(_upstream.Endpoint, route => route.Listen.Add(Listen(from, configure)), options);

    private sealed class Recorder : IRouteSelector
    {
        internal ClientInfo? Client { get; private set; }

        public string? ChooseRoute(ClientInfo client)
        {
            Client = client;
            return null;
        }
    }
}
