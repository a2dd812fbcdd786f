using System.Text;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>PostgreSQL clients ask for TLS before their hello; the proxy agrees, and then asks the server that the name chooses.</summary>
internal sealed class PostgresTests
{
    private static readonly byte[] _sslRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];
    private static readonly byte[] _gssRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x30];
    private static readonly byte[] _startup = [0, 0, 0, 17, 0, 3, 0, 0, .. "user\0me\0\0"u8];
    private static readonly byte[] _cancel = [0, 0, 0, 16, 0x04, 0xD2, 0x16, 0x2E, 0, 0, 0, 1, 0, 0, 0, 2];

    private TestUpstream _a = null!;
    private TestUpstream _default = null!;

    [SetUp]
    public void SetUp() => (_a, _default) = (new TestUpstream(), new TestUpstream());

    [TearDown]
    public async Task TearDown()
    {
        await _a.DisposeAsync();
        await _default.DisposeAsync();
    }

    [Test]
    public async Task The_name_in_the_hello_chooses_the_server_which_is_asked_for_TLS_first()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        byte[] hello = Hello.Of("a.example");

        await client.Send(_sslRequest);
        Assert.That(await client.ReceiveText(1), Is.EqualTo("S"));
        await client.Send(hello);
        using Peer server = await _a.Accept();
        Assert.That(await server.Receive(8), Is.EqualTo(_sslRequest));
        await server.Send("S");

        Assert.That(await server.Receive(hello.Length), Is.EqualTo(hello));
        await server.Send("hello");
        Assert.That(await client.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_request_for_GSS_is_declined_and_the_one_for_TLS_follows()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        await client.Send(_gssRequest);
        Assert.That(await client.ReceiveText(1), Is.EqualTo("N"));
        await client.Send(_sslRequest);

        Assert.That(await client.ReceiveText(1), Is.EqualTo("S"));
    }

    [Test]
    public async Task A_server_that_refuses_TLS_ends_the_client()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();
        await client.Send(_sslRequest);
        await client.Receive(1);
        await client.Send(Hello.Of("a.example"));
        using Peer server = await _a.Accept();
        await server.Receive(8);

        await server.Send("N");

        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.UpstreamHandshakeFailed));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_server_that_does_not_answer_ends_the_client_in_time()
    {
        await using RunningProxy proxy = await Start(onFakeClock: true);
        using Peer client = await proxy.Connect();
        await client.Send(_sslRequest);
        await client.Receive(1);
        await client.Send(Hello.Of("a.example"));
        using Peer server = await _a.Accept();
        await server.Receive(8);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(5));

        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.UpstreamHandshakeFailed));
    }

    [Test]
    public async Task A_header_for_the_server_comes_before_the_request()
    {
        await using RunningProxy proxy = await Start(a: static route => route.Upstreams[0].SendProxyProtocol = ProxyProtocolVersion.V1);
        using Peer client = await proxy.Connect();
        await client.Send(_sslRequest);
        await client.Receive(1);
        await client.Send(Hello.Of("a.example"));
        using Peer server = await _a.Accept();

        Assert.That(await server.Receive(15 + 8), Is.EqualTo((byte[])[.. "PROXY UNKNOWN\r\n"u8, .. _sslRequest]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_client_without_TLS_goes_to_the_default_or_is_told_so(bool hasDefault)
    {
        await using RunningProxy proxy = await Start(hasDefault);
        using Peer client = await proxy.Connect();

        await client.Send(_startup);

        if (hasDefault)
        {
            using Peer server = await _default.Accept();
            Assert.That(await server.Receive(_startup.Length), Is.EqualTo(_startup));
            return;
        }

        string answer = Encoding.UTF8.GetString(await client.ReceiveToEnd());
        Assert.That(answer, Does.StartWith("E").And.Contain("SFATAL").And.Contain("C28000").And.Contain("sslmode=require"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_request_to_cancel_has_no_name_and_goes_to_the_default_or_is_closed(bool hasDefault)
    {
        await using RunningProxy proxy = await Start(hasDefault);
        using Peer client = await proxy.Connect();

        await client.Send(_cancel);

        if (hasDefault)
        {
            using Peer server = await _default.Accept();
            Assert.That(await server.Receive(_cancel.Length), Is.EqualTo(_cancel));
            return;
        }

        Assert.That(await client.ReceiveToEnd(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.NoRoute));
    }

    [Test]
    public async Task Bytes_behind_the_request_are_refused_because_anybody_could_have_added_them()
    {
        await using RunningProxy proxy = await Start();
        using Peer client = await proxy.Connect();

        await client.Send((byte[])[.. _sslRequest, .. Hello.Of("a.example")]);

        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientHelloInvalid));
    }

    private Task<RunningProxy> Start(bool hasDefault = true, bool onFakeClock = false, Action<RouteOptions>? a = null)
    {
        string path = "unix:" + Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        void Configure(TcpProxyOptions options)
        {
            options.Routes.Clear();
            var route = new RouteOptions
            {
                Name = "a",
                Listen = { path },
                ServerNames = { "a.example" },
                Upstreams = { new() { Address = _a.Endpoint.ToString()! } },
            };
            a?.Invoke(route);
            options.Routes.Add(route);
            if (hasDefault)
            {
                options.Routes.Add(new() { Name = "default", Listen = { path }, Upstreams = { new() { Address = _default.Endpoint.ToString()! } } });
            }
        }

        return onFakeClock
            ? RunningProxy.OnFakeClock(_a.Endpoint, options: Configure)
            : RunningProxy.To(_a.Endpoint, options: Configure);
    }
}
