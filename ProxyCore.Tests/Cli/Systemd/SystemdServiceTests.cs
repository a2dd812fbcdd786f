using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Time.Testing;
using Moq;
using ProxyCore.Cli.Systemd;
using ProxyCore.Connections;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli.Systemd;

/// <summary>What systemd is told.</summary>
[Platform(Exclude = "Win")]
[Parallelizable(ParallelScope.Self)]
internal sealed class SystemdServiceTests
{
    private static readonly TimeSpan _watchdog = TimeSpan.FromSeconds(30);

    private NotificationReceiver _systemd = null!;

    [SetUp]
    public void Listen() => _systemd = new NotificationReceiver();

    [TearDown]
    public void Close() => _systemd.Dispose();

    [Test]
    public async Task The_life_of_a_command_is_told()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Add("proxycore.json", """
            { "ProxyCore": { "DrainTimeout": "2m", "Routes": [ { "Listen": ["127.0.0.1:0"], "Upstreams": [ { "Address": "3000" } ] } ] } }
            """u8.ToArray());
        await using CommandProcess command = CommandProcess.StartWith(
            [("NOTIFY_SOCKET", _systemd.Path), ("WATCHDOG_USEC", "20000000")], "--config", file);
        string[] started = await _systemd.Next();
        await command.PortAsync();

        command.Signal(CommandProcess.Sighup);
        string[] reloading = await _systemd.Next();
        string[] reloaded = await _systemd.Next();
        command.Signal(CommandProcess.Sigterm);
        string[] stopping = await _systemd.Next();

        Assert.That(started, Has.Member("READY=1"));
        Assert.That(reloading, Has.Member("RELOADING=1").And.Some.Match("^MONOTONIC_USEC=[0-9]+$"));
        Assert.That(reloaded, Has.Member("READY=1"));
        Assert.That(stopping, Has.Member("STOPPING=1").And.Member("EXTEND_TIMEOUT_USEC=130000000").And.Some.StartsWith("STATUS="));
        Assert.That(await command.ExitAsync(), Is.Zero);
    }

    [Test]
    public async Task A_command_gives_signs_of_life_as_often_as_asked_for()
    {
        await using CommandProcess command = CommandProcess.StartWith(
            [("NOTIFY_SOCKET", _systemd.Path), ("WATCHDOG_USEC", "200000")], "--listen", "127.0.0.1:0");

        await _systemd.Next();

        Assert.That(await _systemd.Next(), Is.EqualTo(["WATCHDOG=1"]));
        Assert.That(await _systemd.Next(), Is.EqualTo(["WATCHDOG=1"]));
    }

    [Test]
    public async Task There_is_no_sign_of_life_while_one_of_the_loops_hangs()
    {
        var clock = new FakeTimeProvider();
        var options = new TcpProxyOptions
        {
            Loops = 3,
            Routes = { new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "3000" } } } },
        };
        await using var proxy = new TcpProxy(options);
        await proxy.StartAsync();
        var alive = new TaskCompletionSource();
        ISystemdNotifier notifier = Notifier(state =>
        {
            if (state == "WATCHDOG=1")
            {
                alive.SetResult();
            }
        });
        await using var service = new SystemdService(new ServiceNotifications(notifier, clock), () => proxy, _watchdog, clock);
        await service.StartAsync(CancellationToken.None);
        Shard last = proxy.Shards[2];
        using var mayGoOn = new ManualResetEventSlim();
        last.Loop.Post(last, () => mayGoOn.Wait(Bound.Wait));

        clock.Advance(_watchdog / 2);
        await Answers(proxy.Shards[0]);
        await Answers(proxy.Shards[1]);
        bool wasToldOfLife = alive.Task.IsCompleted;
        mayGoOn.Set();

        await Bound.Within("a sign of life", alive.Task);
        Assert.That(wasToldOfLife, Is.False);
    }

    [TestCase("18446744073709551615")]
    [TestCase("18446744073709551614")]
    [TestCase("9223372036854775807")]
    [TestCase("1")]
    public async Task A_watchdog_time_that_no_timer_has_does_not_end_a_command(string time)
    {
        await using CommandProcess command = CommandProcess.StartWith(
            [("NOTIFY_SOCKET", _systemd.Path), ("WATCHDOG_USEC", time)], "--listen", "127.0.0.1:0");
        await _systemd.Next();
        _ = _systemd.IgnoreTheRest();
        await command.PortAsync();

        command.Signal(CommandProcess.Sigterm);

        Assert.That(await command.ExitAsync(), Is.Zero);
        Assert.That(command.Error, Is.Empty);
    }

    [TestCase("18446744073709551615", null, null)]
    [TestCase("18446744073709551614", null, 86400)]
    [TestCase("86400000001", null, 86400)]
    [TestCase("18446744073709551616", null, null)]
    [TestCase("30000000", null, 30)]
    [TestCase("30000000", "77", 30)]
    [TestCase("30000000", "78", null)]
    [TestCase("0", null, null)]
    [TestCase("x", null, null)]
    [TestCase(null, null, null)]
    public void The_variables_tell_of_the_watchdog(string? time, string? process, int? seconds)
    {
        var variables = new Dictionary<string, string?> { ["WATCHDOG_USEC"] = time, ["WATCHDOG_PID"] = process };

        TimeSpan? read = SystemdService.ReadWatchdog(variables.GetValueOrDefault, self: 77);

        Assert.That(read, Is.EqualTo(seconds is { } number ? TimeSpan.FromSeconds(number) : null));
    }

    [Test]
    public void A_systemd_that_is_gone_harms_nobody()
    {
        var notifications = new ServiceNotifications(
            Notifier(static _ => throw new SocketException((int)SocketError.ConnectionRefused)), TimeProvider.System);

        Assert.That(notifications.ReadyAsync, Throws.Nothing);
    }

    [Test]
    public async Task A_systemd_that_reads_nothing_holds_up_neither_signs_of_life_nor_the_stop_for_longer_than_a_second()
    {
        using var mayGoOn = new ManualResetEventSlim();
        var clock = new FakeTimeProvider();
        var notifications = new ServiceNotifications(Notifier(_ => mayGoOn.Wait(Bound.Wait)), clock);

        Task alive = notifications.AliveAsync();
        Task stopping = notifications.StoppingAsync(TimeSpan.FromSeconds(30));
        bool isHeldUp = !stopping.IsCompleted;
        clock.Advance(TimeSpan.FromSeconds(1));
        await Bound.Within("both", Task.WhenAll(alive, stopping));
        mayGoOn.Set();

        Assert.That(isHeldUp, Is.True);
    }

    [Test]
    public async Task Notifications_are_sent_in_their_order()
    {
        var told = new List<string>();
        var notifications = new ServiceNotifications(Notifier(told.Add), TimeProvider.System);

        await Task.WhenAll(notifications.ReadyAsync(), notifications.AliveAsync(), notifications.StoppingAsync(TimeSpan.Zero));

        Assert.That(told.Select(static state => state.Split('\n')[0]), Is.EqualTo(["READY=1", "WATCHDOG=1", "STOPPING=1"]));
    }

    private static ISystemdNotifier Notifier(Action<string> told)
    {
        var notifier = new Mock<ISystemdNotifier>();
        notifier.SetupGet(static one => one.IsEnabled).Returns(true);
        notifier.Setup(static one => one.Notify(It.IsAny<ServiceState>()))
            .Callback<ServiceState>(state => told(state.ToString()));
        return notifier.Object;
    }

    private static Task Answers(Shard shard) => Bound.Within("an answer", shard.AskAsync(static () => true, ended: true));
}
