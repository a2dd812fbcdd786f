using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Toxiproxy;

internal sealed class MetricsTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Bytes_are_counted_by_direction_and_stay_when_the_proxy_is_gone()
    {
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(static settings => settings with { HasProxyMetrics = true });
        IPEndPoint listen = await toxiproxy.Create("a", _upstream.Endpoint);
        using (Peer client = await Peer.Connect(listen))
        {
            await client.Echoes("12345");
        }

        await toxiproxy.Delete("/proxies/a");
        Answer answer = await toxiproxy.Get("/metrics");

        string labels = $"listener=\"{listen}\",proxy=\"a\",upstream=\"{_upstream.Endpoint}\"";
        Assert.That(answer, Is.EqualTo(new Answer(
            200,
            "text/plain; version=0.0.4; charset=utf-8",
            $$"""
            # TYPE toxiproxy_proxy_received_bytes_total counter
            toxiproxy_proxy_received_bytes_total{direction="downstream",{{labels}}} 5
            toxiproxy_proxy_received_bytes_total{direction="upstream",{{labels}}} 5
            # TYPE toxiproxy_proxy_sent_bytes_total counter
            toxiproxy_proxy_sent_bytes_total{direction="downstream",{{labels}}} 5
            toxiproxy_proxy_sent_bytes_total{direction="upstream",{{labels}}} 5

            """)));
    }

    [Test]
    public async Task A_proxy_that_is_started_again_counts_on()
    {
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(static settings => settings with { HasProxyMetrics = true });
        IPEndPoint listen = await toxiproxy.Create("a", _upstream.Endpoint);
        for (int i = 0; i < 2; i++)
        {
            using Peer client = await Peer.Connect(listen);
            await client.Echoes("12345");
            await toxiproxy.Patch("/proxies/a", """{"enabled":false}""");
            await toxiproxy.Patch("/proxies/a", """{"enabled":true}""");
        }

        Assert.That((await toxiproxy.Get("/metrics")).Body, Does.Contain("} 10\n").And.Not.Contain("} 5\n"));
    }

    [Test]
    public async Task A_label_is_escaped()
    {
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(static settings => settings with { HasProxyMetrics = true });
        await toxiproxy.Post("/proxies", $$"""{"name":"a\"\\\n","listen":"127.0.0.1:0","upstream":"{{_upstream.Endpoint}}"}""");

        Assert.That((await toxiproxy.Get("/metrics")).Body, Does.Contain("proxy=\"a\\\"\\\\\\n\","));
    }

    [Test]
    public async Task Figures_of_the_process_have_a_switch_of_their_own()
    {
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(static settings => settings with { HasRuntimeMetrics = true });

        string[] lines = (await toxiproxy.Get("/metrics")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines, Has.One.StartsWith("process_resident_memory_bytes ").And.One.StartsWith("process_cpu_seconds_total "));
        Assert.That(lines, Has.One.StartsWith("dotnet_gc_collections_total{generation=\"2\"} "));
        Assert.That(lines, Has.All.Matches("^(# TYPE [a-z_]+ (counter|gauge)|[a-z_]+({generation=\"[0-2]\"})? [0-9.E+]+)$"));
    }
}
