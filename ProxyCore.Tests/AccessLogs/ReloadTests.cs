using System.Net;
using Microsoft.Extensions.Logging;
using Moq;
using ProxyCore.Connections;
using ProxyCore.Settings;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>The access log of a running proxy is turned on and off, and goes elsewhere.</summary>
internal sealed class ReloadTests
{
    private TemporaryFolder _folder = null!;
    private EchoUpstream _upstream = null!;
    private RecordedLog _log = null!;
    private TcpProxy _proxy = null!;

    [SetUp]
    public void Prepare()
    {
        _folder = new TemporaryFolder();
        _upstream = new EchoUpstream();
        _log = new RecordedLog(LogLevel.Debug);
    }

    [TearDown]
    public async Task StopAll()
    {
        await _proxy.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task Connection_that_was_open_when_it_was_turned_on_is_reported_with_what_is_known()
    {
        await Start(accessLog: null);
        using Peer client = await Connect();
        await client.Echoes("hello");
        await _proxy.ApplyAsync(Options(To("on.log")));
        await End(client, 1);
        await _proxy.DisposeAsync();

        LoggedEnd end = LoggedEnd.ReadAll(PathOf("on.log")).Single();
        Assert.That((end.Client, end.Upstream), Is.EqualTo((client.Socket.LocalEndPoint!.ToString(), _upstream.Endpoint.ToString())));
        Assert.That((end.Reason, end.Phase, end.BytesToUpstream, end.BytesToClient), Is.EqualTo(("ClientFin", "relaying", 5L, 5L)));
        Assert.That((end.Attempts, end.ConnectMs, end.FirstByteMs), Is.EqualTo(((int?)null, (double?)null, (double?)null)));
        Assert.That(end.DurationMs, Is.Positive);
    }

    [Test]
    public async Task It_goes_to_another_file_and_to_none()
    {
        await Start(To("first.log"));
        await Relay(1);
        await _proxy.ApplyAsync(Options(To("second.log")));
        await Relay(2);
        await _proxy.ApplyAsync(Options(accessLog: null));
        await Relay(3);
        await _proxy.ApplyAsync(Options(To("first.log")));
        await Relay(4);
        await _proxy.DisposeAsync();

        Assert.That(LoggedEnd.ReadAll(PathOf("first.log")).Select(static end => end.Id), Is.EqualTo([1, 4]));
        Assert.That(LoggedEnd.ReadAll(PathOf("second.log")).Select(static end => end.Id), Is.EqualTo([2]));
    }

    [Test]
    public async Task File_that_can_not_be_written_to_changes_nothing()
    {
        await Start(To("first.log"));

        Assert.That(
            () => _proxy.ApplyAsync(new TcpProxyOptions { Routes = { Route("127.0.0.2:0") }, AccessLog = To("none/second.log") }),
            Throws.InstanceOf<IOException>().With.Message.Contains("none/second.log"));

        await Relay(1);
        await _proxy.DisposeAsync();
        Assert.That(LoggedEnd.ReadAll(PathOf("first.log")), Has.Length.EqualTo(1));
        Assert.That(((IPEndPoint)_proxy.Endpoints.Single()).Address, Is.EqualTo(IPAddress.Loopback));
    }

    [Test]
    public async Task File_that_can_not_be_written_to_stops_the_start_and_it_may_be_tried_again()
    {
        _proxy = new TcpProxy(Options(To("logs/access.log")), _log);
        Assert.That(() => _proxy.StartAsync(), Throws.InstanceOf<IOException>().With.Message.EndsWith("logs/access.log: its folder does not exist"));
        Assert.That(_proxy.Endpoints, Is.Empty);
        Directory.CreateDirectory(PathOf("logs"));

        await _proxy.StartAsync();
        await Relay(1);
    }

    [Test]
    public async Task Path_of_no_file_and_unknown_format_are_mistakes()
    {
        await Start(accessLog: null);

        Assert.That(
            () => new TcpProxy(Options(new AccessLogOptions { Path = "", Format = (AccessLogFormat)7 })),
            Throws.ArgumentException.With.Message.Contains("AccessLog:Path: ").And.Message.Contains("AccessLog:Format: "));
    }

    [Test]
    public async Task Without_a_path_it_goes_to_the_logger()
    {
        await Start(new AccessLogOptions());
        await Relay(1);

        LogEntry entry = await _log.Saw("ConnectionEnded");
        Assert.That(entry.Level, Is.EqualTo(LogLevel.Information));
        Assert.That(entry.Text, Does.Match(@"^1 web 127\.0\.0\.1:\d+ 127\.0\.0\.1:\d+ ClientFin client/relaying attempts=1 up=5 down=5 connect="));
    }

    [Test]
    public async Task Logger_that_is_stuck_stops_no_connection()
    {
        var stuck = new TaskCompletionSource();
        var logger = new Mock<ILogger>();
        logger.Setup(static l => l.IsEnabled(LogLevel.Information)).Callback(() => stuck.Task.Wait(Bound.Wait)).Returns(true);
        var factory = Mock.Of<ILoggerFactory>(f =>
            f.CreateLogger("ProxyCore") == (ILogger)_log && f.CreateLogger("ProxyCore.Access") == logger.Object);
        ProxyServices services = ProxyServices.Create(factory, timeProvider: null, meterFactory: null, name: null);
        _proxy = new TcpProxy(OptionsReader.Read(Options(new AccessLogOptions())), services with { AccessLogCapacity = 10 });
        await _proxy.StartAsync();

        for (int i = 1; i <= 50; i++)
        {
            await Relay(i);
        }

        // One may be with the logger, and ten wait.
        Assert.That(_proxy.GetStatistics().AccessLogDropped, Is.InRange(50 - 1 - 10, 50 - 10));
        stuck.SetResult();
    }

    private static async Task End(Peer client)
    {
        client.Fin();
        await client.ReceivesEof();
    }

    private async Task End(Peer client, int count)
    {
        await End(client);
        await _log.Saw("Ended", count);
    }

    private async Task Relay(int count)
    {
        using Peer client = await Connect();
        await client.Echoes("hello");
        await End(client, count);

        // Ended is logged first, then told.
        await RunsOn(_proxy);
    }

    private static Task RunsOn(TcpProxy proxy)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        proxy.Shards[0].Loop.Post(proxy.Shards[0], done.SetResult);
        return Bound.Within("the loop", done.Task);
    }

    private Task<Peer> Connect() => Peer.Connect(_proxy.Endpoints[0]);

    private async Task Start(AccessLogOptions? accessLog)
    {
        _proxy = new TcpProxy(Options(accessLog), _log);
        await _proxy.StartAsync();
    }

    private AccessLogOptions To(string name) => new() { Path = PathOf(name), Format = AccessLogFormat.Json };

    private string PathOf(string name) => $"{_folder.FullName}/{name}";

    private TcpProxyOptions Options(AccessLogOptions? accessLog) => new() { Routes = { Route("127.0.0.1:0") }, AccessLog = accessLog };

    private RouteOptions Route(string listen) => new()
    {
        Name = "web",
        Listen = { listen },
        Upstreams = { new UpstreamOptions { Address = _upstream.Endpoint.ToString()! } },
    };
}
