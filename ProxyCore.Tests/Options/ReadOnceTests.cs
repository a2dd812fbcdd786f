using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli;
using ProxyCore.Hosting;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Options;

/// <summary>Options are checked and turned into settings once, by whatever way they reach a proxy.</summary>
internal sealed class ReadOnceTests
{
    // Other tests read options meanwhile: these are known by the name of their route.
    private readonly string _route = $"read-once-{Guid.NewGuid():N}";
    private RecordedLog _log = null!;
    private int _reads;

    [SetUp]
    public void Count()
    {
        _log = new RecordedLog(LogLevel.Information);
        _reads = 0;
        OptionsReader.Reading += OnReading;
    }

    [TearDown]
    public void StopCounting()
    {
        OptionsReader.Reading -= OnReading;
        _log.Dispose();
    }

    [Test]
    public async Task A_proxy_reads_its_options_once_and_those_of_a_change_once()
    {
        await using var proxy = new TcpProxy(Options());
        await proxy.StartAsync();
        Assert.That(_reads, Is.EqualTo(1), "the start");

        await proxy.ApplyAsync(Options());

        Assert.That(_reads, Is.EqualTo(2), "with the change");
    }

    [Test]
    public async Task A_host_reads_its_configuration_once_at_the_start_and_once_at_a_reload()
    {
        IConfigurationRoot configuration = Configuration();
        await using ServiceProvider services = Services(services => services.AddProxyCore(configuration));
        await StartAndReload(services, configuration.Reload);
    }

    [Test]
    public async Task A_host_reads_options_once_that_several_sources_set()
    {
        IConfigurationRoot configuration = Configuration();
        IConfigurationRoot more = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["DrainTimeout"] = "7s" }).Build();
        await using ServiceProvider services = Services(services => services
            .AddProxyCore(configuration).AddProxyCore(static options => options.Loops = 2).AddProxyCore(more));

        await StartAndReload(services, configuration.Reload);

        TcpProxyOptions options = services.GetRequiredService<TcpProxy>().GetOptions();
        Assert.That((options.Loops, options.DrainTimeout), Is.EqualTo((2, TimeSpan.FromSeconds(7))));
    }

    [Test]
    public async Task The_command_reads_its_file_once_at_the_start_and_once_at_a_reload()
    {
        using var folder = new TemporaryFolder();
        var file = new ConfigurationFile(Write(folder), []);
        IConfigurationRoot reloads = Configuration();
        await using ServiceProvider services = Services(services => services
            .AddProxyCore(file.Read)
            .AddSingleton<Microsoft.Extensions.Options.IOptionsChangeTokenSource<TcpProxyOptions>>(new ConfigurationChanges("", reloads)));

        await StartAndReload(services, reloads.Reload);
    }

    [Test]
    public void The_check_of_a_file_reads_it_once()
    {
        using var folder = new TemporaryFolder();

        Assert.That(new ConfigurationFile(Write(folder), []).Check().Settings.Routes[0].Name, Is.EqualTo(_route));

        Assert.That(_reads, Is.EqualTo(1));
    }

    private void OnReading(TcpProxyOptions options)
    {
        if (options.Routes.Any(route => route.Name == _route))
        {
            Interlocked.Increment(ref _reads);
        }
    }

    private async Task StartAndReload(ServiceProvider services, Action reload)
    {
        ProxyService service = services.GetRequiredService<ProxyService>();
        await service.StartAsync(CancellationToken.None);
        Assert.That(_reads, Is.EqualTo(1), "the start");

        reload();
        await service.Applied;

        Assert.That(_log.CountOf("Applied"), Is.EqualTo(1));
        Assert.That(_reads, Is.EqualTo(2), "with the reload");
    }

    private ServiceProvider Services(Action<IServiceCollection> add)
    {
        IServiceCollection services = new ServiceCollection().AddSingleton<ILoggerFactory>(_log);
        add(services);
        return services.BuildServiceProvider();
    }

    private IConfigurationRoot Configuration() => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Routes:0:Name"] = _route,
        ["Routes:0:Listen:0"] = "127.0.0.1:0",
        ["Routes:0:Upstreams:0:Address"] = "127.0.0.1:9",
    }).Build();

    private FileInfo Write(TemporaryFolder folder)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "proxycore.json"));
        File.WriteAllText(file.FullName, $$"""
            { "ProxyCore": { "Routes": [ { "Name": "{{_route}}", "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "127.0.0.1:9" } ] } ] } }
            """);
        return file;
    }

    private TcpProxyOptions Options() => new()
    {
        Routes =
        {
            new RouteOptions { Name = _route, Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "127.0.0.1:9" } } },
        },
    };
}
