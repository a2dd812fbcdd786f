using System.Net;
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

/// <summary>A proxy in a host: it starts, changes and stops with it.</summary>
internal sealed class ProxyServiceTests
{
    private RecordedLog _log = null!;
    private EchoUpstream _upstream = null!;
    private EchoUpstream _other = null!;

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
    public async Task Proxy_of_a_configuration_runs_while_the_host_does()
    {
        using IHost host = Build(static (services, configuration) => services.AddProxyCore(configuration.GetSection("ProxyCore")), Settings(_upstream));
        await host.StartAsync();
        EndPoint endpoint = Proxy(host).Endpoints[0];
        await Echoes(endpoint);

        await host.StopAsync();

        Assert.That(() => Peer.Connect(endpoint), Throws.TypeOf<System.Net.Sockets.SocketException>());
        Assert.That(_log.CountOf("Stopped"), Is.EqualTo(1));
    }

    [Test]
    public async Task Proxy_of_a_delegate_runs_too()
    {
        using IHost host = Build((services, _) => services.AddProxyCore(Configure), []);
        await host.StartAsync();

        await Echoes(Proxy(host).Endpoints[0]);
        await host.StopAsync();
    }

    [Test]
    public async Task Proxy_can_be_injected_before_the_host_starts_it()
    {
        using IHost host = Build(
            (services, _) => services.AddSingleton<IHostedService, User>().AddProxyCore(Configure).AddSingleton<IHostedService, User>(), []);

        TcpProxy proxy = Proxy(host);
        Assert.That(proxy.State, Is.EqualTo(ProxyState.Created));
        await host.StartAsync();
        User[] users = [.. host.Services.GetServices<IHostedService>().OfType<User>()];
        Assert.That(users.Select(static user => user.StateAtStart), Is.EqualTo([ProxyState.Created, ProxyState.Running]));
        Assert.That(users.Select(static user => user.Proxy), Is.All.SameAs(proxy));
        Assert.That(proxy.State, Is.EqualTo(ProxyState.Running));
        await host.StopAsync();
    }

    [Test]
    public async Task Change_between_injection_and_start_is_applied()
    {
        using IHost host = Build(static (services, configuration) => services.AddProxyCore(configuration.GetSection("ProxyCore")), Settings(_upstream));
        TcpProxy proxy = Proxy(host);
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();

        configuration["ProxyCore:Routes:0:Upstreams:0:Address"] = _other.Endpoint.ToString();
        configuration.Reload();
        await host.StartAsync();
        await _log.Saw("Applied");
        await Echoes(proxy.Endpoints[0]);

        Assert.That((_upstream.Accepted, _other.Accepted), Is.EqualTo((0, 1)));
        await host.StopAsync();
    }

    [Test]
    public async Task Container_can_be_disposed_of_synchronously()
    {
        IHost host = Build((services, _) => services.AddProxyCore(Configure).AddProxyCore("edge", Configure), []);
        await host.StartAsync();
        TcpProxy[] proxies = [Proxy(host), Named(host, "edge")];
        using Peer client = await Peer.Connect(proxies[1].Endpoints[0]);
        await client.Echoes("hello");

        host.Dispose();

        Assert.That(proxies.Select(static proxy => proxy.State), Is.All.EqualTo(ProxyState.Stopped));
        await client.ReceivesReset();
    }

    [Test]
    public void Proxy_that_was_never_started_can_be_disposed_of()
    {
        IHost host = Build((services, _) => services.AddProxyCore(Configure), []);
        TcpProxy proxy = Proxy(host);

        host.Dispose();

        Assert.That(proxy.State, Is.EqualTo(ProxyState.Stopped));
    }

    [Test]
    public void Configuration_with_mistakes_stops_the_start_and_tells_all()
    {
        Dictionary<string, string?> settings = Settings(_upstream);
        settings["ProxyCore:Lops"] = "2";
        settings["ProxyCore:Routes:0:Backlog"] = "0";
        using IHost host = Build(static (services, configuration) => services.AddProxyCore(configuration.GetSection("ProxyCore")), settings);

        OptionsValidationException? exception = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Failures, Is.EqualTo(["Lops: unknown key; did you mean Loops?", "Routes:0:Backlog: must be 1 or more"]));
    }

    [Test]
    public void Delegate_with_mistakes_stops_the_start()
    {
        using IHost host = Build(static (services, _) => services.AddProxyCore(static options => options.Loops = 0), []);

        OptionsValidationException? exception = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(exception!.Failures, Is.EqualTo(["Routes: at least one route is needed", "Loops: must be from 1 to 64"]));
    }

    [Test]
    public async Task Changed_configuration_is_applied_and_a_bad_one_changes_nothing()
    {
        Dictionary<string, string?> settings = Settings(_upstream);
        using IHost host = Build(static (services, configuration) => services.AddProxyCore(configuration.GetSection("ProxyCore")), settings);
        await host.StartAsync();
        EndPoint endpoint = Proxy(host).Endpoints[0];
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();

        configuration["ProxyCore:Routes:0:Upstreams:0:Address"] = "no";
        configuration.Reload();
        LogEntry error = await _log.Saw("NotApplied");
        await Echoes(endpoint);
        configuration["ProxyCore:Routes:0:Upstreams:0:Address"] = _other.Endpoint.ToString();
        configuration.Reload();
        await _log.Saw("Applied");
        LogEntry changed = await _log.Saw("RouteChanged");
        await Echoes(endpoint);

        Assert.That(changed.Text, Is.EqualTo($"Route route1: upstream {_other.Endpoint} added, upstream {_upstream.Endpoint} removed"));
        Assert.That(error.Text, Does.EndWith("Routes:0:Upstreams:0:Address: 'no' is no endpoint: expected PORT, HOST:PORT or unix:/path"));
        Assert.That((_upstream.Accepted, _other.Accepted), Is.EqualTo((1, 1)));
        await host.StopAsync();
    }

    [Test]
    public async Task A_change_that_fails_for_any_reason_is_reported()
    {
        string reason = await Change(static (_, _) => throw new InvalidOperationException("odd"));

        Assert.That(reason, Is.EqualTo("Nothing is changed: odd"));
    }

    [Test]
    public async Task A_change_that_comes_while_the_proxy_stops_is_reported()
    {
        string reason = await Change((proxy, options) =>
        {
            _ = proxy.StopAsync();
            Configure(options);
        });

        Assert.That(reason, Is.EqualTo("Nothing is changed: the proxy is being stopped"));
    }

    /// <summary>What the log says of a change that is configured as <paramref name="configure"/> does it.</summary>
    private async Task<string> Change(Action<TcpProxy, TcpProxyOptions> configure)
    {
        TcpProxy? proxy = null;
        using IHost host = Build(
            (services, configuration) => services
                .AddProxyCore(configuration.GetSection("ProxyCore"))
                .PostConfigure<TcpProxyOptions>(options =>
                {
                    if (proxy is not null)
                    {
                        options.Routes.Clear();
                        configure(proxy, options);
                    }
                }),
            Settings(_upstream));
        await host.StartAsync();
        proxy = Proxy(host);
        ((IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>()).Reload();
        LogEntry entry = await _log.Saw("NotApplied");
        await host.StopAsync();
        return entry.Text;
    }

    [Test]
    public async Task Change_that_fails_because_a_port_is_in_use_is_tried_again_until_it_is_free()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var occupier = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        occupier.Start();
        string busy = occupier.LocalEndpoint.ToString()!;
        Dictionary<string, string?> settings = Settings(_upstream);
        using IHost host = Build(
            (services, configuration) => services.AddSingleton<TimeProvider>(clock).AddProxyCore(configuration.GetSection("ProxyCore")), settings);
        await host.StartAsync();
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        configuration["ProxyCore:Routes:0:Listen:1"] = busy;
        configuration.Reload();
        LogEntry first = await _log.Saw("AppliesAgain");
        Assert.That(first.Text, Is.EqualTo($"The endpoint {busy} is in use: the configuration is applied again in 1 s"));

        clock.Advance(TimeSpan.FromSeconds(1));
        await _log.Saw("AppliesAgain", 2);
        occupier.Stop();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_log.CountOf("Applied"), Is.Zero, "the second pause is two seconds");
        clock.Advance(TimeSpan.FromSeconds(1));

        await _log.Saw("Applied");
        await Echoes(IPEndPoint.Parse(busy));
        await host.StopAsync();
    }

    [Test]
    public async Task Services_of_the_host_take_part()
    {
        var observer = new CountingObserver();
        using IHost host = Build(
            (services, configuration) => services.AddProxyCore(configuration.GetSection("ProxyCore"))
                .AddSingleton<IConnectionObserver>(observer)
                .AddSingleton<IRouteSelector>(new ToRoute("other"))
                .Configure<TcpProxyOptions>(options =>
                {
                    options.BalancingPolicies.Add("Last", static () => new Last());
                    options.Routes.Add(new()
                    {
                        Name = "other",
                        Balancing = "Last",
                        Upstreams = { new() { Address = _upstream.Endpoint.ToString()! }, new() { Address = _other.Endpoint.ToString()! } },
                    });
                }),
            Settings(_upstream));

        // The route that only the selector chooses has no endpoint: validation must know of the selector.
        await host.StartAsync();
        await Echoes(Proxy(host).Endpoints[0]);
        await host.StopAsync();

        Assert.That(_other.Accepted, Is.EqualTo(1));
        Assert.That(observer.Ended, Is.EqualTo(1));
    }

    [Test]
    public async Task Health_check_tells_whether_it_serves()
    {
        using var refused = new RefusedEndpoint();
        using IHost host = Build(
            (services, _) => services.AddProxyCore(options =>
            {
                Configure(options);
                options.Routes.Add(new()
                {
                    Name = "sick",
                    Listen = { "127.0.0.1:0" },
                    Upstreams = { new() { Address = refused.Endpoint.ToString()! } },
                    HealthCheck = new() { Fall = 1 },
                });
            }).AddHealthChecks().AddCheck<ProxyHealthCheck>("proxycore"),
            []);
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();

        HealthReport before = await checks.CheckHealthAsync();
        await host.StartAsync();
        await _log.Saw("UpstreamDown");
        HealthReport sick = await checks.CheckHealthAsync();
        await host.StopAsync();
        HealthReport after = await checks.CheckHealthAsync();

        Assert.That((before.Status, sick.Status, after.Status), Is.EqualTo((HealthStatus.Unhealthy, HealthStatus.Degraded, HealthStatus.Unhealthy)));
        Assert.That(sick.Entries["proxycore"].Description, Is.EqualTo("no healthy upstream: sick"));
    }

    private static TcpProxy Named(IHost host, string name) => host.Services.GetRequiredKeyedService<TcpProxy>(name);

    private static TcpProxy Proxy(IHost host) => host.Services.GetRequiredService<TcpProxy>();

    private static Dictionary<string, string?> Settings(TestUpstream upstream) => new()
    {
        ["ProxyCore:Routes:0:Listen:0"] = "127.0.0.1:0",
        ["ProxyCore:Routes:0:Upstreams:0:Address"] = upstream.Endpoint.ToString(),
    };

    private static async Task Echoes(EndPoint endpoint)
    {
        using Peer client = await Peer.Connect(endpoint);
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();
    }

    private void Configure(TcpProxyOptions options) => options.Routes.Add(
        new() { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = _upstream.Endpoint.ToString()! } } });

    private IHost Build(Action<IServiceCollection, IConfiguration> add, Dictionary<string, string?> settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton<ILoggerFactory>(_log);
        add(builder.Services, builder.Configuration);
        return builder.Build();
    }

    /// <summary>A service that has the proxy injected.</summary>
    private sealed class User(TcpProxy proxy) : IHostedService
    {
        internal TcpProxy Proxy => proxy;

        internal ProxyState StateAtStart { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            StateAtStart = proxy.State;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ToRoute(string name) : IRouteSelector
    {
        public string? ChooseRoute(ClientInfo client) => name;
    }

    private sealed class Last : IBalancingPolicy
    {
        public Upstream Choose(IReadOnlyList<Upstream> candidates, ClientInfo client) => candidates[^1];
    }

    private sealed class CountingObserver : IConnectionObserver
    {
        internal int Ended { get; private set; }

        public void OnEnded(ConnectionReport connection) => Ended++;
    }
}
