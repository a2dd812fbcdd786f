using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>A PostgreSQL server is asked for TLS before the hello.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class StartTlsTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private static readonly byte[] _sslRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    private TestUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new TestUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task Server_that_agrees_is_spoken_to_in_TLS(bool endsClientTls)
    {
        await using RunningProxy proxy = await StartPostgres(route => route.Listen.Add(endsClientTls ? Listen() : "127.0.0.1:0"));
        StreamPeer client = endsClientTls ? await ConnectTls(proxy) : Own(StreamPeer.Plain(Own(await proxy.Connect())));
        Peer accepted = await _upstream.Accept();

        Assert.That(await accepted.Receive(8), Is.EqualTo(_sslRequest));
        await accepted.Send("S");
        StreamPeer server = await Accept(accepted);
        await client.Send("startup");

        Assert.That(await server.ReceiveText(7), Is.EqualTo("startup"));
        await server.Send("ready");
        Assert.That(await client.ReceiveText(5), Is.EqualTo("ready"));
    }

    [Test]
    public async Task Client_that_asks_for_TLS_as_PostgreSQL_does_gets_the_proxys_and_the_server_is_asked_by_the_proxy()
    {
        await using RunningProxy proxy = await StartPostgres(route => route.Listen.Add(Listen()));
        Peer peer = Own(await proxy.Connect());
        await peer.Send(_sslRequest);
        Assert.That(await peer.ReceiveText(1), Is.EqualTo("S"));
        StreamPeer client = Own(await StreamPeer.Client(peer, ClientOptions(Name)));

        Peer accepted = await _upstream.Accept();
        Assert.That(await accepted.Receive(8), Is.EqualTo(_sslRequest));
        await accepted.Send("S");
        StreamPeer server = await Accept(accepted);
        await client.Send("startup");

        Assert.That(await server.ReceiveText(7), Is.EqualTo("startup"));
    }

    [TestCase("N")]
    [TestCase("E")]
    public async Task Server_that_does_not_agree_is_a_failed_connect(string answer)
    {
        await using RunningProxy proxy = await StartPostgres();
        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();
        await server.Receive(8);

        await server.Send(answer);

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.TlsFailed));
        Assert.That(proxy.Log.Entries.Select(static one => one.Text), Has.Some.Contains("does not agree to TLS"));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Header_goes_ahead_of_the_request()
    {
        await using RunningProxy proxy = await StartPostgres(static route =>
        {
            route.Listen.Add("unix:" + Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
            route.Upstreams[0].SendProxyProtocol = ProxyProtocolVersion.V1;
        });
        using Peer client = await proxy.Connect();
        using Peer server = await _upstream.Accept();

        Assert.That(await server.Receive(15 + 8), Is.EqualTo((byte[])[.. "PROXY UNKNOWN\r\n"u8, .. _sslRequest]));
    }

    private Task<RunningProxy> StartPostgres(Action<RouteOptions>? route = null) => Start(_upstream.Endpoint, one =>
    {
        one.Upstreams[0].Tls = ToUpstream(static tls => tls.StartTls = StartTlsMode.Postgres);
        one.ConnectAttempts = 1;
        route?.Invoke(one);
    });
}
