using System.Net;
using System.Text;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>An upstream that asks for it gets a PROXY header ahead of the client's first byte.</summary>
internal sealed class ProxyHeaderOutTests
{
    private static readonly byte[] _signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    private TestUpstream _upstream = null!;

    [SetUp]
    public void SetUp() => _upstream = new TestUpstream();

    [TearDown]
    public async Task TearDown() => await _upstream.DisposeAsync();

    [Test]
    public async Task It_comes_without_waiting_for_the_client_so_that_a_server_may_speak_first()
    {
        await using RunningProxy proxy = await Start(ProxyProtocolVersion.V1);
        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();

        string expected = LineFor(client);
        Assert.That(await server.ReceiveText(expected.Length), Is.EqualTo(expected));

        await server.Send("220 ready");
        Assert.That(await client.ReceiveText(9), Is.EqualTo("220 ready"));
    }

    [Test]
    public async Task Version_2_carries_the_addresses_of_the_client()
    {
        await using RunningProxy proxy = await Start(ProxyProtocolVersion.V2);
        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await client.Send("hello");

        byte[] header = await server.Receive(28);

        var source = (IPEndPoint)client.Socket.LocalEndPoint!;
        Assert.That(header[..12], Is.EqualTo(_signature));
        Assert.That(header[12..16], Is.EqualTo(new byte[] { 0x21, 0x11, 0, 12 }));
        Assert.That(header[16..20], Is.EqualTo(source.Address.GetAddressBytes()));
        Assert.That((header[24] << 8) | header[25], Is.EqualTo(source.Port));
        Assert.That((header[26] << 8) | header[27], Is.EqualTo(((IPEndPoint)proxy.Endpoint).Port));
        Assert.That(await server.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task The_header_does_not_count_as_relayed()
    {
        var observer = new LastReport();
        await using RunningProxy proxy = await Start(ProxyProtocolVersion.V2, options: options => options.ConnectionObservers.Add(observer));
        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await client.Send("hello");
        await server.Receive(28 + 5);
        client.Fin();
        server.Fin();
        await server.ReceivesEof();

        Assert.That((await observer.Ended).BytesToUpstream, Is.EqualTo(5));
    }

    [Test]
    public async Task What_a_header_has_declared_goes_on_to_the_upstream()
    {
        await using RunningProxy proxy = await Start(ProxyProtocolVersion.V1, route => route.Listen.Add(
            new ListenOptions { Address = "127.0.0.1:0", ProxyProtocol = new ProxyProtocolOptions { From = { "127.0.0.1" } } }));
        using Peer client = await proxy.Connect();
        const string Header = "PROXY TCP6 2001:db8::1 2001:db8::2 51234 443\r\n";
        await client.Send(Header + "hello");
        using Peer server = await _upstream.Accept();

        Assert.That(await server.ReceiveText(Header.Length + 5), Is.EqualTo(Header + "hello"));
    }

    [Test]
    public async Task A_client_on_a_Unix_socket_has_no_address_to_declare()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using RunningProxy proxy = await Start(ProxyProtocolVersion.V1, route => route.Listen.Add("unix:" + path));
        using Peer client = await Peer.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        using Peer server = await _upstream.Accept();

        Assert.That(await server.ReceiveText(15), Is.EqualTo("PROXY UNKNOWN\r\n"));
    }

    [Test]
    public async Task A_check_says_of_itself_that_it_is_no_client()
    {
        await using RunningProxy proxy = await Start(
            ProxyProtocolVersion.V2, static route => route.HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(20), Expect = "ready" });
        using Peer server = await _upstream.Accept();

        byte[] header = await server.Receive(16);

        Assert.That(header, Is.EqualTo((byte[])[.. _signature, 0x20, 0x00, 0, 0]));
    }

    [TestCase("")]
    [TestCase("QUIT")]
    public async Task A_check_that_expects_no_answer_ends_with_a_fin_so_that_the_server_can_read_it(string send)
    {
        await using RunningProxy proxy = await Start(
            ProxyProtocolVersion.V2, route => route.HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(20), Send = send });
        using Peer server = await _upstream.Accept();

        byte[] received = await server.ReceiveToEnd();

        Assert.That(received, Has.Length.EqualTo(16 + send.Length));
    }

    [Test]
    public async Task A_check_in_version_1_declares_its_own_addresses()
    {
        await using RunningProxy proxy = await Start(
            ProxyProtocolVersion.V1, static route => route.HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(20), Send = "PING", Expect = "PONG" });
        using Peer server = await _upstream.Accept();
        string expected = $"PROXY TCP4 127.0.0.1 127.0.0.1 {((IPEndPoint)server.Socket.RemoteEndPoint!).Port} {((IPEndPoint)_upstream.Endpoint).Port}\r\nPING";

        Assert.That(await server.ReceiveText(expected.Length), Is.EqualTo(expected));
    }

    private static string LineFor(Peer client)
    {
        var source = (IPEndPoint)client.Socket.LocalEndPoint!;
        var destination = (IPEndPoint)client.Socket.RemoteEndPoint!;
        return new StringBuilder("PROXY TCP4 ").Append(source.Address).Append(' ').Append(destination.Address).Append(' ')
            .Append(source.Port).Append(' ').Append(destination.Port).Append("\r\n").ToString();
    }

    private Task<RunningProxy> Start(
        ProxyProtocolVersion version, Action<RouteOptions>? route = null, Action<TcpProxyOptions>? options = null) =>
        RunningProxy.To(
            _upstream.Endpoint,
            one =>
            {
                one.Upstreams[0].SendProxyProtocol = version;
                route?.Invoke(one);
            },
            options);
}
