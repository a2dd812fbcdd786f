using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ProxyCore.Hosting;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Hosting;

/// <summary>Several proxies in one host, told apart by their names.</summary>
internal sealed class NamedProxyTests
{
    private EchoUpstream _upstream = null!;
    private EchoUpstream _other = null!;
    private RecordedLog _log = null!;

    [SetUp]
    public void StartUpstreams()
    {
        _log = new RecordedLog(LogLevel.Information);
        _upstream = new EchoUpstream();
        _other = new EchoUpstream();
    }

    [TearDown]
    public async Task StopUpstreams()
    {
        await _upstream.DisposeAsync();
        await _other.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public async Task Each_has_its_options_and_changes_alone()
    {
        using IHost host = Build(static (services, configuration) => services
            .AddProxyCore("edge", configuration.GetSection("Edge"))
            .AddProxyCore("core", configuration.GetSection("Core")));
        await host.StartAsync();
        TcpProxy edge = Named(host, "edge");
        TcpProxy core = Named(host, "core");
        Assert.That((edge.Name, core.Name), Is.EqualTo(("edge", "core")));
        Assert.That(edge, Is.Not.SameAs(core));
        Assert.That(host.Services.GetService<TcpProxy>(), Is.Null, "there is none without a name");

        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration["Edge:Routes:0:Upstreams:0:Address"] = _other.Endpoint.ToString();
        configuration.Reload();
        await _log.Saw("Applied", times: 2);
        await Echoes(edge);
        await Echoes(core);

        Assert.That((_upstream.Accepted, _other.Accepted), Is.EqualTo((1, 1)));
        await host.StopAsync();
        Assert.That((edge.State, core.State), Is.EqualTo((ProxyState.Stopped, ProxyState.Stopped)));
    }

    [Test]
    public async Task Services_with_the_name_as_key_belong_to_one_and_others_to_all()
    {
        var all = new Counter();
        var ofEdge = new Counter();
        using IHost host = Build((services, _) => services
            .AddProxyCore("edge", Configure)
            .AddProxyCore("core", Configure)
            .AddSingleton<IConnectionObserver>(all)
            .AddKeyedSingleton<IConnectionObserver>("edge", ofEdge));
        await host.StartAsync();

        await Echoes(Named(host, "edge"));
        await Echoes(Named(host, "core"));
        await host.StopAsync();

        Assert.That((all.Accepted, ofEdge.Accepted), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Metrics_of_a_named_proxy_have_its_name_and_those_of_another_have_none()
    {
        var measured = new ConcurrentBag<(string Instrument, string? Proxy, string? Route)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listening) =>
        {
            if (instrument.Meter.Name == "ProxyCore")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        string route = $"route {Guid.NewGuid()}";
        using IHost host = Build((services, _) => services
            .AddProxyCore("edge", options => Configure(options, $"{route} of edge"))
            .AddProxyCore(options => Configure(options, route)));
        await host.StartAsync();
        await Echoes(Named(host, "edge"));
        await Echoes(host.Services.GetRequiredService<TcpProxy>());
        await host.StopAsync();

        listener.RecordObservableInstruments();

        (string Instrument, string? Proxy, string? Route)[] ofEdge = [.. measured.Where(one => one.Route == $"{route} of edge")];
        (string Instrument, string? Proxy, string? Route)[] ofOther = [.. measured.Where(one => one.Route == route)];
        Assert.That(ofEdge.Select(static one => one.Instrument), Is.SupersetOf(["proxycore.accepted_connections", "proxycore.connection.duration", "proxycore.upstream.up"]));
        Assert.That(ofEdge.Select(static one => one.Proxy), Is.All.EqualTo("edge"));
        Assert.That(ofOther, Is.Not.Empty);
        Assert.That(ofOther.Select(static one => one.Proxy), Is.All.Null);
        Assert.That(measured.Where(static one => one.Proxy == "edge").Select(static one => one.Instrument), Is.SupersetOf(["proxycore.max_connections", "proxycore.loop.selects"]));

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Add((instrument.Name, Find(tags, "proxycore.proxy"), Find(tags, "proxycore.route")));
    }

    [Test]
    public async Task Health_check_is_that_of_one_proxy()
    {
        using var refused = new RefusedEndpoint();
        using IHost host = Build((services, _) =>
        {
            services.AddProxyCore("edge", Configure).AddProxyCore("sick", options =>
            {
                Configure(options);
                options.Routes[0].Upstreams[0].Address = refused.Endpoint.ToString()!;
                options.Routes[0].HealthCheck = new() { Fall = 1 };
            });
            services.AddHealthChecks().Add(ProxyHealthCheck.For("edge")).Add(ProxyHealthCheck.For("sick", "other"));
        });
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport before = await checks.CheckHealthAsync();
        await host.StartAsync();
        await _log.Saw("UpstreamDown");
        HealthReport running = await checks.CheckHealthAsync();
        await host.StopAsync();

        Assert.That(before.Entries.Values.Select(static entry => entry.Status), Is.All.EqualTo(HealthStatus.Unhealthy));
        Assert.That((running.Entries["proxycore-edge"].Status, running.Entries["other"].Status), Is.EqualTo((HealthStatus.Healthy, HealthStatus.Degraded)));
    }

    [Test]
    public void Validation_errors_of_one_stop_the_start()
    {
        using IHost host = Build((services, _) => services.AddProxyCore("edge", Configure).AddProxyCore("core", static options => options.Loops = 0));

        OptionsValidationException exception = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())!;

        Assert.That(exception.OptionsName, Is.EqualTo("core"));
        Assert.That(exception.Failures, Has.One.StartsWith("Loops: "));
    }

    [Test]
    public async Task Log_categories_of_a_named_proxy_end_with_its_name()
    {
        using var categories = new Categories();
        var options = new TcpProxyOptions { AccessLog = new AccessLogOptions() };
        Configure(options);
        await using var proxy = new TcpProxy(options, categories, name: "edge");
        await proxy.StartAsync();

        Assert.That(categories.Created, Is.EquivalentTo(["ProxyCore[edge]", "ProxyCore.Access[edge]"]));
    }

    [TestCase("")]
    [TestCase(" ")]
    public void Name_must_not_be_empty(string name) => Assert.That(
        () => new ServiceCollection().AddProxyCore(name, static _ => { }), Throws.ArgumentException);

    private static string? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == name)
            {
                return (string?)tag.Value;
            }
        }

        return null;
    }

    private static TcpProxy Named(IHost host, string name) => host.Services.GetRequiredKeyedService<TcpProxy>(name);

    private static async Task Echoes(TcpProxy proxy)
    {
        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();
    }

    private void Configure(TcpProxyOptions options) => Configure(options, "web");

    private void Configure(TcpProxyOptions options, string route) => options.Routes.Add(
        new() { Name = route, Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = _upstream.Endpoint.ToString()! } } });

    private IHost Build(Action<IServiceCollection, IConfiguration> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var settings = new Dictionary<string, string?>();
        foreach (string section in (string[])["Edge", "Core"])
        {
            settings[$"{section}:Routes:0:Listen:0"] = "127.0.0.1:0";
            settings[$"{section}:Routes:0:Upstreams:0:Address"] = _upstream.Endpoint.ToString();
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        add(builder.Services, builder.Configuration);
        return builder.Build();
    }

    private sealed class Categories : ILoggerFactory
    {
        internal ConcurrentQueue<string> Created { get; } = [];

        public ILogger CreateLogger(string categoryName)
        {
            Created.Enqueue(categoryName);
            return Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Counter : IConnectionObserver
    {
        private int _accepted;

        internal int Accepted => _accepted;

        public void OnAccepted(ConnectionReport connection) => Interlocked.Increment(ref _accepted);
    }
}
