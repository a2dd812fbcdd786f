using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

internal sealed class HealthTests
{
    private const string Healthz = "/healthz";
    private const string Readyz = "/readyz";

    [Test]
    public async Task Before_the_start_it_is_healthy_and_not_ready()
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(static () => null);

        Assert.That(await Ask(admin, Healthz), Is.EqualTo((HttpStatusCode.OK, "ok")));
        Assert.That(await Ask(admin, Readyz), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "starting")));
        Assert.That(await admin.Status(HttpMethod.Get, "/api/snapshot"), Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task From_the_drain_on_it_is_not_ready_and_still_tells()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => proxy.Proxy);
        using Peer client = await proxy.Connect();
        await client.Echoes("ping");
        Assert.That(await Ask(admin, Readyz), Is.EqualTo((HttpStatusCode.OK, "ok")));

        Task stopped = proxy.Proxy.StopAsync();

        Assert.That(await Ask(admin, Readyz), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "draining")));
        Assert.That(await Ask(admin, Healthz), Is.EqualTo((HttpStatusCode.OK, "ok")));
        Assert.That(await admin.Http.GetStringAsync("/api/snapshot"), Does.Contain("\"state\":\"Draining\""));
        client.Fin();
        await client.ReceivesEof();
        await Bound.Within("the stop", stopped);
        Assert.That(await Ask(admin, Readyz), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "stopped")));
        Assert.That(await Ask(admin, Healthz), Is.EqualTo((HttpStatusCode.OK, "ok")));
    }

    [Test]
    public async Task A_proxy_that_has_failed_is_neither_healthy_nor_ready()
    {
        await using var upstream = new EchoUpstream();
        var clock = new FailingClock("ProxyCore loop 1");
        RunningProxy proxy = await RunningProxy.OnLoops(1, default, upstream.Endpoint, clock: clock);
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => proxy.Proxy);
        using Peer client = await proxy.Connect();
        await client.Echoes("ping");

        clock.Fail();
        await client.Send("wake up");
        await proxy.Proxy.Completion.WaitAsync(Bound.Wait).ContinueWith(static _ => { }, TaskScheduler.Default);

        Assert.That(await Ask(admin, Healthz), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "failed")));
        Assert.That(await Ask(admin, Readyz), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "failed")));
    }

    [TestCase(Healthz)]
    [TestCase(Readyz)]
    public async Task Who_wants_the_status_only_may_ask_for_it(string path)
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(() => proxy.Proxy);

        Assert.That(await admin.Status(HttpMethod.Head, path), Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task<(HttpStatusCode, string)> Ask(RunningAdmin admin, string path)
    {
        using HttpResponseMessage response = await admin.Send(HttpMethod.Get, path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
