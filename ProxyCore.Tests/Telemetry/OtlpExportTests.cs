using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using ProxyCore.Cli.Telemetry;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Telemetry;

[NonParallelizable]
internal sealed class OtlpExportTests
{
    // More than the two seconds that a stop waits for the collector, and less than the ten that an export may take.
    private static readonly TimeSpan _stopBound = TimeSpan.FromSeconds(9);

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
    public void A_failing_export_is_logged_once_and_so_is_its_recovery()
    {
        var log = new RecordedLog(LogLevel.Information);
        var failures = new ExportFailures(log);
        var collector = new Uri("http://localhost:4317");

        failures.Succeeded(collector);
        failures.Failed(collector, "one");
        failures.Failed(collector, "two");
        failures.Succeeded(collector);
        failures.Succeeded(collector);
        failures.Failed(collector, "three");

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

        new OtlpSettings(new Uri(endpoint), protocol).ApplyToTraces(options);

        Assert.That(options.Endpoint.AbsoluteUri, Is.EqualTo(goesTo));
        Assert.That(options.Protocol, Is.EqualTo(protocol));
    }

    [Test]
    public async Task Each_signal_goes_where_the_variable_of_its_own_says_as_it_stands_there()
    {
        await using FakeCollector collector = await FakeCollector.StartAsync(HttpProtocols.Http1);
        await using var upstream = new EchoUpstream();
        await using CommandProcess command = CommandProcess.StartWith(
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
                ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{collector.Url}/only/metrics"),
                ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.Url}/only/traces"),
                ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
                ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ],
            "--listen",
            "127.0.0.1:0",
            "--upstream",
            upstream.Endpoint.ToString()!,
            "--otlp");
        using (Peer client = await EchoClient.ConnectAsync(await command.PortAsync()))
        {
            await client.Echoes("ping");
        }

        command.Signal(CommandProcess.Sigterm);

        await collector.Received("/only/metrics", "proxycore.accepted_connections");
        await collector.Received("/only/traces", "proxycore.end_reason");
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [TestCase("TRACES_")]
    [TestCase("METRICS_")]
    public void Variables_of_a_signal_are_above_those_of_all_and_below_the_command_line(string signal)
    {
        var variables = new Dictionary<string, string?>
        {
            [$"OTEL_EXPORTER_OTLP_{signal}ENDPOINT"] = "https://one/v1/x",
            [$"OTEL_EXPORTER_OTLP_{signal}PROTOCOL"] = "http/protobuf",
            [$"OTEL_EXPORTER_OTLP_{signal}HEADERS"] = "a=b",
            [$"OTEL_EXPORTER_OTLP_{signal}TIMEOUT"] = "1234",
        };
        OtlpVariables read = OtlpVariables.Read(signal, variables.GetValueOrDefault);
        OtlpExporterOptions Apply(OtlpSettings settings)
        {
            var options = new OtlpExporterOptions { Endpoint = new Uri("http://all:1"), Headers = "c=d" };
            Action<OtlpExporterOptions> apply = signal == "TRACES_" ? settings.ApplyToTraces : settings.ApplyToMetrics;
            apply(options);
            return options;
        }

        OtlpExporterOptions byVariables = Apply(new OtlpSettings(null, null) { Metrics = read, Traces = read });
        OtlpExporterOptions byCommandLine = Apply(
            new OtlpSettings(new Uri("http://given:2"), OtlpExportProtocol.Grpc) { Metrics = read, Traces = read });

        Assert.That(byVariables.Endpoint.AbsoluteUri, Is.EqualTo("https://one/v1/x"));
        Assert.That(byVariables.Protocol, Is.EqualTo(OtlpExportProtocol.HttpProtobuf));
        Assert.That((byVariables.Headers, byVariables.TimeoutMilliseconds), Is.EqualTo(("a=b", 1234)));
        Assert.That(byCommandLine.Endpoint.AbsoluteUri, Is.EqualTo("http://given:2/"));
        Assert.That(byCommandLine.Protocol, Is.EqualTo(OtlpExportProtocol.Grpc));
    }

    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "'collector:4317' is no URL of a collector: write http://HOST:PORT or https://HOST:PORT")]
    [TestCase("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "x", "'x' is no URL of a collector: write http://HOST:PORT or https://HOST:PORT")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/json", "'http/json' is no protocol: grpc or http")]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "-1", "'-1' is no time: write a number of milliseconds, 1 or more")]
    public async Task A_variable_that_makes_no_sense_is_one_line_that_names_it(string name, string value, string cause)
    {
        await using CommandProcess command = CommandProcess.StartWith([(name, value)], "--listen", "127.0.0.1:0", "--otlp");

        Assert.That(await command.ExitAsync(), Is.EqualTo(2));
        Assert.That(command.Error[0], Is.EqualTo($"proxycore: {name}: {cause}"));
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
