using System.Diagnostics;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

internal sealed class MetricsTests
{
    // A name that needs every escape of the format.
    private const string Route = "w\"e\\b";

    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task They_follow_the_format_and_tell_what_happened()
    {
        string text = await ScrapeAsync();

        ExpositionFormat metrics = ExpositionFormat.Parse(text);

        // By its name, which is escaped: proxies of other tests may be there, too.
        const string Route = "proxycore_route=\"w\\\"e\\\\b\"";
        Assert.That(metrics.SumOf("proxycore_accepted_connections_total", Route), Is.EqualTo(2), text);
        Assert.That(metrics.SumOf("proxycore_active_connections", Route), Is.EqualTo(1));
        Assert.That(metrics.SumOf("proxycore_connection_duration_seconds_count", Route), Is.EqualTo(1));
        Assert.That(metrics.Samples.Keys, Has.Some.StartsWith("dotnet_gc_"));
    }

    [Test]
    public async Task Promtool_finds_nothing_wrong()
    {
        string text = await ScrapeAsync();
        using Process? promtool = StartPromtool();
        if (promtool is null)
        {
            Assert.Ignore("promtool is not installed: it comes with Prometheus");
        }

        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        string said = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync().WaitAsync(Bound.Wait);

        // What it says of names of the runtime's own metrics is advice; a format that it can't read is a failure.
        Assert.That(promtool.ExitCode, Is.Not.EqualTo(1), said);
        Assert.That(said.Split('\n'), Has.None.StartsWith("proxycore_"));
    }

    private static Process? StartPromtool()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What is told when one connection has ended and another is open.</summary>
    private async Task<string> ScrapeAsync()
    {
        await using RunningAdmin admin = await RunningAdmin.WithoutToken(static () => null);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.Name = Route);
        using Peer open = await proxy.Connect();
        await open.Echoes("ping");
        using (Peer ended = await proxy.Connect())
        {
            await ended.Echoes("ping");
            ended.Fin();
            await ended.ReceivesEof();
        }

        await proxy.Ended();
        return await admin.Http.GetStringAsync("/metrics");
    }
}
