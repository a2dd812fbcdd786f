using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>A check of an upstream with TLS shakes hands as clients' connections do.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class TlsHealthCheckTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    private TestUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new TestUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Check_succeeds_once_the_handshake_is_done()
    {
        await using RunningProxy proxy = await StartChecked(new HealthCheckOptions());

        await Accept(await _upstream.Accept());

        await proxy.Log.Saw("HealthCheckSucceeded");
    }

    [Test]
    public async Task What_is_sent_and_expected_goes_through_TLS()
    {
        await using RunningProxy proxy = await StartChecked(new HealthCheckOptions { Send = "PING\r\n", Expect = "+PONG" });
        StreamPeer check = await Accept(await _upstream.Accept());

        Assert.That(await check.ReceiveText(6), Is.EqualTo("PING\r\n"));
        await check.Send("+PONG\r\n");

        await proxy.Log.Saw("HealthCheckSucceeded");
    }

    [Test]
    public async Task Expired_certificate_takes_the_upstream_out()
    {
        await using RunningProxy proxy = await StartChecked(new HealthCheckOptions { Fall = 1 });

        Assert.CatchAsync<Exception>(async () =>
        {
            StreamPeer check = await Accept(await _upstream.Accept(), options =>
                options.ServerCertificate = Certificates.IssueExpired(Name).Certificate);
            await check.ReceiveText(1);
        });

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.Contain("certificate").IgnoreCase);
        await proxy.Log.Saw("UpstreamDown");
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.NoUpstream));
    }

    [Test]
    public async Task Handshake_that_does_not_end_is_a_failure_after_the_timeout()
    {
        await using RunningProxy proxy = await StartChecked(new HealthCheckOptions());
        using Peer check = await _upstream.Accept();
        await check.Receive(5);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        await proxy.Log.Saw("HealthCheckFailed");
        await check.ReceiveToReset();
    }

    private Task<RunningProxy> StartChecked(HealthCheckOptions check) => StartOnFakeClock(_upstream.Endpoint, route =>
    {
        route.Upstreams[0].Tls = ToUpstream();
        route.HealthCheck = check;
    });
}
