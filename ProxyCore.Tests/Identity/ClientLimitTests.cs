using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>Each client may have so many connections, and open them so fast.</summary>
internal sealed class ClientLimitTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void SetUp() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task TearDown() => await _upstream.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task One_connection_too_many_is_refused_and_an_ended_one_makes_room(bool isOfProxy)
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1 }, isOfProxy);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");

        using (Peer second = await proxy.Connect())
        {
            await second.ReceivesReset();
        }

        first.Fin();
        await first.ReceivesEof();
        TcpProxyStatistics statistics = await proxy.Ended(2);
        Assert.That(statistics.Ended[EndReason.ClientConnectionLimit], Is.EqualTo(1));
        await proxy.Serves(1);
    }

    [Test]
    public async Task Connections_that_come_too_fast_are_refused_until_time_has_passed()
    {
        await using RunningProxy proxy = await Start(new() { ConnectionRate = ConnectionRate.PerSecond(1), Burst = 2 }, onFakeClock: true);
        await proxy.Serves(2);

        using (Peer third = await proxy.Connect())
        {
            await third.ReceivesReset();
        }

        proxy.Clock!.Advance(TimeSpan.FromSeconds(1));
        await proxy.Serves(1);
        Assert.That((await proxy.Ended(4)).Ended[EndReason.ClientRateLimit], Is.EqualTo(1));
    }

    [Test]
    public async Task A_client_that_waits_is_served_when_another_connection_of_it_ends()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.Wait }, onFakeClock: true);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();
        await second.Send("held");
        await proxy.Log.Saw("Accepted", 2);
        await proxy.OnLoop(static _ => true);

        first.Fin();
        await first.ReceivesEof();
        await proxy.Ended();
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(200));

        Assert.That(await second.ReceiveText(4), Is.EqualTo("held"));
    }

    [Test]
    public async Task A_client_that_waits_too_long_is_reset()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.Wait }, onFakeClock: true);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();
        await proxy.Log.Saw("Accepted", 2);
        for (int i = 0; i < 60; i++)
        {
            await proxy.OnLoop(static _ => true);
            proxy.Clock!.Advance(TimeSpan.FromMilliseconds(100));
        }

        await second.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientConnectionLimit));
    }

    [Test]
    public async Task No_more_clients_wait_than_may()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.Wait, WaitLimit = 1 }, onFakeClock: true);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer waiting = await proxy.Connect();
        await proxy.Log.Saw("Accepted", 2);
        await proxy.OnLoop(static _ => true);

        using Peer third = await proxy.Connect();

        await third.ReceivesReset();
    }

    [Test]
    public async Task A_client_that_waits_and_resets_leaves_nothing_behind()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.Wait, WaitLimit = 1 }, onFakeClock: true);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        for (int i = 1; i <= 3; i++)
        {
            using Peer waiting = await proxy.Connect();
            await proxy.Log.Saw("Accepted", 1 + i);
            await proxy.OnLoop(static _ => true);
            waiting.Reset();
            await proxy.Ended(i);
        }

        Assert.That(proxy.Proxy.GetStatistics().Ended[EndReason.ClientReset], Is.EqualTo(3));
    }

    [Test]
    public async Task A_limit_that_is_only_logged_ends_nobody()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.LogOnly });
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();

        await second.Echoes("hello");

        Assert.That((await proxy.Log.Saw("ClientRefused")).Text, Does.EndWith("only logged"));
    }

    [Test]
    public async Task A_refused_client_gets_a_FIN_where_it_is_to_be_closed()
    {
        await using RunningProxy proxy = await Start(new() { Connections = 1, OnExceeded = LimitAction.Close });
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();

        await second.ReceivesEof();
    }

    [Test]
    public async Task A_route_has_a_maximum_of_its_own()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.MaxConnections = 1);
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();

        await second.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.RouteConnectionLimit));
        first.Fin();
        await first.ReceivesEof();
        await proxy.Ended(2);
        await proxy.Serves(1);
    }

    private Task<RunningProxy> Start(ClientLimitOptions limits, bool isOfProxy = true, bool onFakeClock = false)
    {
        void Configure(TcpProxyOptions options)
        {
            options.ClientLimits = isOfProxy ? limits : null;
            options.Routes[0].ClientLimits = isOfProxy ? null : limits;
        }

        return onFakeClock
            ? RunningProxy.OnFakeClock(_upstream.Endpoint, options: Configure)
            : RunningProxy.To(_upstream.Endpoint, options: Configure);
    }
}
