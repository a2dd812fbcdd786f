using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using ProxyCore.Cli.Telemetry;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Telemetry;

[NonParallelizable]
internal sealed class OtlpExportTests
{
    // Beyond the two seconds that a stop waits for the collector; the rest is the machine's.
    private static readonly TimeSpan _stopBound = TimeSpan.FromSeconds(6);

    private RunningProxy? _proxy;

    [TearDown]
    public async Task StopProxy()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [TestCase(OtlpExportProtocol.Grpc)]
    [TestCase(OtlpExportProtocol.HttpProtobuf)]
    public async Task Metrics_and_spans_have_arrived_when_the_export_has_stopped(OtlpExportProtocol protocol)
    {
        bool isGrpc = protocol == OtlpExportProtocol.Grpc;
        await using FakeCollector collector = await FakeCollector.StartAsync(isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        var export = new OtlpExport(
            new OtlpSettings(new Uri(collector.Url), protocol), Bound.Wait, new RecordedLog(LogLevel.Warning));
        await export.StartAsync(CancellationToken.None);

        await RelayAsync();
        await export.StopAsync(CancellationToken.None);

        string metrics = await collector.Received(
            isGrpc ? "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" : "/v1/metrics", "proxycore.accepted_connections");
        string traces = await collector.Received(
            isGrpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces", "relay observed");
        foreach (string received in (string[])[metrics, traces])
        {
            Assert.That(received, Does.Contain("service.name").And.Contains("proxycore").And.Contains("service.version"));
        }

        Assert.That(traces, Does.Contain("proxycore.end_reason"));
        Assert.That(metrics, Does.Contain("dotnet.gc.").And.Contains("proxycore.connection.duration"));
    }

    [Test]
    public async Task A_collector_that_refuses_is_told_of_once_and_costs_nobody_anything()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var url = new Uri($"http://{closed.LocalEndpoint}");
        closed.Stop();

        await FailsAsync(url, "refused");
    }

    [Test]
    public async Task A_collector_that_never_answers_does_not_hold_up_the_stop()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var log = new RecordedLog(LogLevel.Warning);
        var export = new OtlpExport(
            new OtlpSettings(new Uri($"http://{silent.LocalEndpoint}"), null), OtlpExport.DefaultFlushTimeout, log);
        await export.StartAsync(CancellationToken.None);

        await RelayAsync();

        long begin = Stopwatch.GetTimestamp();
        await export.StopAsync(CancellationToken.None);
        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(_stopBound));
    }

    [Test]
    public async Task A_collector_that_answers_with_an_error_is_told_of()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(HttpProtocols.Http2);
        collector.Answer(StatusCodes.Status403Forbidden);

        await FailsAsync(new Uri(collector.Url), "403");
    }

    [Test]
    public void Trouble_is_told_once_and_its_end_too()
    {
        var log = new RecordedLog(LogLevel.Information);
        var trouble = new ExportTrouble(log);
        var collector = new Uri("http://localhost:4317");

        trouble.Succeeded(collector);
        trouble.Failed(collector, "one");
        trouble.Failed(collector, "two");
        trouble.Succeeded(collector);
        trouble.Succeeded(collector);
        trouble.Failed(collector, "three");

        Assert.That(
            log.Entries.Select(static entry => entry.Name),
            Is.EqualTo(["ExportFails", "ExportWorksAgain", "ExportFails"]));
    }

    [TestCase(OtlpExportProtocol.Grpc, "http://collector:4317/", "http://collector:4317/")]
    [TestCase(OtlpExportProtocol.HttpProtobuf, "http://collector:4318", "http://collector:4318/v1/traces")]
    [TestCase(OtlpExportProtocol.HttpProtobuf, "https://collector/otlp/", "https://collector/otlp/v1/traces")]
    public void A_signal_goes_where_its_protocol_wants_it(OtlpExportProtocol protocol, string endpoint, string goesTo)
    {
        var options = new OtlpExporterOptions();

        new OtlpSettings(new Uri(endpoint), protocol).Apply(options, "v1/traces");

        Assert.That(options.Endpoint.AbsoluteUri, Is.EqualTo(goesTo));
        Assert.That(options.Protocol, Is.EqualTo(protocol));
    }

    private async Task FailsAsync(Uri url, string cause)
    {
        var log = new RecordedLog(LogLevel.Warning);
        var export = new OtlpExport(new OtlpSettings(url, null), Bound.Wait, log);
        await export.StartAsync(CancellationToken.None);

        await RelayAsync();
        await export.StopAsync(CancellationToken.None);

        Assert.That((await log.Saw("ExportFails")).Text, Does.Contain(url.AbsoluteUri).And.Contains(cause));
        Assert.That(log.CountOf("ExportFails"), Is.EqualTo(1));
    }

    private async Task RelayAsync()
    {
        await using var upstream = new EchoUpstream();

        // It lives on until the export has stopped, which asks for its figures once more.
        _proxy = await RunningProxy.To(upstream.Endpoint, static route => route.Name = "observed");
        using (Peer client = await _proxy.Connect())
        {
            await client.Echoes("ping");
            client.Fin();
            await client.ReceivesEof();
        }

        await _proxy.Ended();
    }
}
