using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Pools;

/// <summary>Upstreams are checked, with clients or without.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class HealthCheckTests(Parking parking) : ParkingFixture(parking)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    [Test]
    public async Task Upstream_that_refuses_goes_down_before_a_client_comes()
    {
        using var refused = new RefusedEndpoint();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Checked(refused.Endpoint, new HealthCheckOptions(), upstream.Endpoint);

        await Checks(proxy, refused.Endpoint, "HealthCheckFailed", times: 3);

        LogEntry warning = await proxy.Log.Saw("UpstreamDown");
        Assert.That(warning.Text, Is.EqualTo(
            $"Route route1: {refused.Endpoint} is down: 3 checks failed in a row, the last: connection refused"));
        for (int i = 0; i < 4; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes("hello");
        }

        Assert.That(proxy.Log.CountOf("Connecting"), Is.EqualTo(4), "the one that is down was never tried");
    }

    [Test]
    public async Task Upstream_that_comes_back_is_up_after_checks_in_a_row()
    {
        using var refused = new RefusedEndpoint();
        EndPoint address = refused.Endpoint;
        await using RunningProxy proxy = await Checked(address, new HealthCheckOptions { Fall = 1 });
        await proxy.Log.Saw("UpstreamDown");
        using (Peer early = await proxy.Connect())
        {
            await early.ReceivesReset();
        }

        refused.Dispose();
        await using var back = new EchoUpstream(address);
        await Checks(proxy, address, "HealthCheckSucceeded", times: 2);
        await proxy.Log.Saw("UpstreamUp");

        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
    }

    [Test]
    public async Task Flapping_upstream_stays_down()
    {
        using var refused = new RefusedEndpoint();
        EndPoint address = refused.Endpoint;
        await using RunningProxy proxy = await Checked(address, new HealthCheckOptions { Fall = 2, Rise = 2 });
        await Checks(proxy, address, "HealthCheckFailed", times: 2);
        await proxy.Log.Saw("UpstreamDown");
        refused.Dispose();

        for (int flap = 1; flap <= 4; flap++)
        {
            await using (var shortly = new EchoUpstream(address))
            {
                await Checks(proxy, address, "HealthCheckSucceeded", flap);
            }

            await Checks(proxy, address, "HealthCheckFailed", 2 + flap);
        }

        Assert.That(proxy.Log.CountOf("UpstreamUp"), Is.Zero);
        Assert.That(proxy.Log.CountOf("UpstreamDown"), Is.EqualTo(1));
    }

    [TestCase("+PONG\r\n")]
    [TestCase("noise before it +PONG")]
    public async Task Answer_with_the_expected_bytes_is_a_success(string answer)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());

        using Peer check = await upstream.Accept();
        Assert.That(await check.ReceiveText(6), Is.EqualTo("PING\r\n"));
        await check.Send(answer);

        await proxy.Log.Saw("HealthCheckSucceeded");
        await check.ReceiveToReset();
    }

    [Test]
    public async Task Answer_that_comes_in_pieces_is_put_together()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();

        foreach (char piece in "+PONG")
        {
            await check.Send($"{piece}");
            await proxy.OnLoop(static _ => true);
        }

        await proxy.Log.Saw("HealthCheckSucceeded");
    }

    [Test]
    public async Task Every_byte_can_be_sent_and_expected()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(
            upstream.Endpoint, new HealthCheckOptions { Send = "\0\u0080\u00ff", Expect = "\u00fe\0" });
        using Peer check = await upstream.Accept();

        Assert.That(await check.Receive(3), Is.EqualTo(new byte[] { 0x00, 0x80, 0xFF }));
        await check.Send(new byte[] { 0xFE, 0x00 });

        await proxy.Log.Saw("HealthCheckSucceeded");
    }

    [TestCase("-ERR not now", "the answer is not the expected one: '+PONG' was expected, and '-ERR not now' came")]
    [TestCase("\e[2J\n", @"the answer is not the expected one: '+PONG' was expected, and '\x1B[2J\n' came")]
    [TestCase("", "the answer is not the expected one: '+PONG' was expected, and nothing came")]
    public async Task Another_answer_is_a_failure(string answer, string cause)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();
        await check.ReceiveText(6);

        await check.Send(answer);
        check.Fin();

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith(cause));
    }

    [Test]
    public async Task Answer_without_end_is_a_failure()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();

        await check.Send(new byte[4096]);

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith(
            $"the answer is not the expected one: '+PONG' was expected, and '{string.Concat(Enumerable.Repeat(@"\x00", 64))}…' came"));
    }

    [Test]
    public async Task Reset_instead_of_an_answer_is_a_failure()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();

        check.Reset();

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith("connection reset"));
    }

    [Test]
    public async Task Upstream_that_hangs_fails_its_check_after_the_timeout()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();
        await check.ReceiveText(6);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith("timed out: '+PONG' was expected, and nothing came"));
        await check.ReceivesReset();
    }

    [Test]
    public async Task Upstream_that_says_something_else_and_stays_connected_fails_with_what_it_said()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();
        await check.Send("-NOAUTH\r\n");
        // The bytes are there when the first turn begins, so that the second one has read them.
        await proxy.OnLoop(static _ => true);
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith(@"timed out: '+PONG' was expected, and '-NOAUTH\r\n' came"));
    }

    [Test]
    public async Task Upstream_that_can_not_be_reached_fails_its_check_after_the_timeout()
    {
        using var hole = new BlackHole();
        await using RunningProxy proxy = await Checked(hole.Endpoint, new HealthCheckOptions());
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await proxy.Log.Saw("HealthCheckFailed")).Text, Does.EndWith("timed out"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Connections_of_an_upstream_that_goes_down_end_if_that_is_wanted(bool endSessions)
    {
        await using var upstream = new TestUpstream();
        HealthCheckOptions check = Ping();
        check.Fall = 1;
        check.EndSessions = endSessions;
        await using var other = new EchoUpstream();
        await using RunningProxy proxy = await Checked(upstream.Endpoint, check, other.Endpoint);
        using Peer first = await upstream.Accept();
        using Peer client = await proxy.Connect();
        using Peer server = await upstream.Accept();
        using Peer second = await proxy.Connect();
        await second.Echoes("to the other one");

        proxy.Clock!.Advance(TimeSpan.FromSeconds(2));
        await proxy.Log.Saw("UpstreamDown");

        if (endSessions)
        {
            await client.ReceivesReset();
            Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.UpstreamDown));
        }
        else
        {
            await server.Send("goes on");
            Assert.That(await client.ReceiveText(7), Is.EqualTo("goes on"));
        }

        await second.Echoes("as before");
    }

    [Test]
    public async Task Checks_leave_nothing_behind_when_the_proxy_stops_in_the_midst_of_one()
    {
        await using var upstream = new TestUpstream();
        RunningProxy proxy = await Checked(upstream.Endpoint, Ping());
        using Peer check = await upstream.Accept();
        await check.ReceiveText(6);

        await proxy.DisposeAsync();

        await check.ReceivesReset();
    }

    [Test]
    public async Task Checks_of_many_upstreams_are_spread_over_the_interval()
    {
        await using var first = new TestUpstream();
        await using var second = new TestUpstream();
        await using RunningProxy proxy = await Checked(first.Endpoint, new HealthCheckOptions(), second.Endpoint);
        await proxy.Log.Saw("HealthCheckSucceeded");
        await first.Accept();
        Assert.That(second.Accepted, Is.Zero);

        proxy.Clock!.Advance(_interval / 2);

        await proxy.Log.Saw("HealthCheckSucceeded", 2);
        await second.Accept();
    }

    [Test]
    public async Task Reload_each_second_keeps_no_upstream_from_being_checked()
    {
        await using var first = new TestUpstream();
        await using var second = new TestUpstream();
        TcpProxyOptions Options() => new()
        {
            Routes =
            {
                new RouteOptions
                {
                    Listen = { "127.0.0.1:0" },
                    Upstreams = { new() { Address = $"{first.Endpoint}" }, new() { Address = $"{second.Endpoint}" } },
                    HealthCheck = new HealthCheckOptions { Interval = _interval },
                },
            },
        };
        var log = new RecordedLog(LogLevel.Debug);
        var clock = new FakeTimeProvider();
        await using var proxy = new TcpProxy(Options(), log, clock);
        await proxy.StartAsync();
        await log.Saw("HealthCheckSucceeded");

        for (int seconds = 1; seconds <= 12; seconds++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await proxy.ApplyAsync(Options());
            await log.Saw("HealthCheckSucceeded", CheckedAfter(seconds));
        }

        // One check of each at its time, as without reloads: at 0, 5 and 10 s, and at 2.5 and 7.5 s.
        Assert.That(
            log.TextsOf("HealthCheckSucceeded"),
            Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"Route route1: check of {(i % 2 == 0 ? first : second).Endpoint} succeeded")));

        static int CheckedAfter(int seconds) => 1 + (seconds / 5) + ((seconds + 2) / 5);
    }

    [Test]
    public async Task Shorter_interval_is_used_after_a_reload_without_a_check_of_all_at_once()
    {
        await using var first = new TestUpstream();
        await using var second = new TestUpstream();
        TcpProxyOptions Options(TimeSpan interval) => new()
        {
            Routes =
            {
                new RouteOptions
                {
                    Listen = { "127.0.0.1:0" },
                    Upstreams = { new() { Address = $"{first.Endpoint}" }, new() { Address = $"{second.Endpoint}" } },
                    HealthCheck = new HealthCheckOptions { Interval = interval },
                },
            },
        };
        var log = new RecordedLog(LogLevel.Debug);
        var clock = new FakeTimeProvider();
        await using var proxy = new TcpProxy(Options(TimeSpan.FromHours(1)), log, clock);
        await proxy.StartAsync();
        await log.Saw("HealthCheckSucceeded");

        await proxy.ApplyAsync(Options(_interval));
        Assert.That(log.CountOf("HealthCheckSucceeded"), Is.EqualTo(1));
        clock.Advance(_interval / 2);
        await log.Saw("HealthCheckSucceeded", 2);
        clock.Advance(_interval / 2);
        await log.Saw("HealthCheckSucceeded", 3);

        Assert.That(
            log.TextsOf("HealthCheckSucceeded").Select(text => text.Contains($"{first.Endpoint}", StringComparison.Ordinal)),
            Is.EqualTo([true, false, true]));
    }

    private static HealthCheckOptions Ping() => new() { Send = "PING\r\n", Expect = "+PONG" };

    private static Task<RunningProxy> Checked(EndPoint upstream, HealthCheckOptions check, params EndPoint[] more) =>
        RunningProxy.OnFakeClock(upstream, route =>
        {
            route.HealthCheck = check;
            Array.ForEach(more, endpoint => route.Upstreams.Add(new() { Address = endpoint.ToString()! }));
        });

    /// <summary>Lets intervals pass until a check of <paramref name="upstream"/> has come to that so many times.</summary>
    private static async Task Checks(RunningProxy proxy, EndPoint upstream, string eventName, int times)
    {
        using var timeout = new CancellationTokenSource(Bound.Wait);
        while (proxy.Log.Entries.Count(entry => entry.Name == eventName && entry.Text.Contains($"{upstream}")) < times)
        {
            Assert.That(timeout.IsCancellationRequested, Is.False, $"{times} × {eventName}");
            int before = CheckCount();
            proxy.Clock!.Advance(_interval);
            while (CheckCount() == before)
            {
                await proxy.OnLoop(static _ => true);
                Assert.That(timeout.IsCancellationRequested, Is.False, "a check");
            }
        }

        int CheckCount() => proxy.Log.CountOf("HealthCheckFailed") + proxy.Log.CountOf("HealthCheckSucceeded");
    }
}
