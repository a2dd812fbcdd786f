using ProxyCore.Connections.Listening;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>Clients that are denied while the proxy runs, for a time.</summary>
internal sealed class DenyTests
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private EchoUpstream _upstream = null!;

    [SetUp]
    public void SetUp() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task TearDown() => await _upstream.DisposeAsync();

    [TestCase("127.0.0.1")]
    [TestCase("127.0.0.0/8")]
    [TestCase("::ffff:127.0.0.0/104")]
    public async Task Denied_client_is_reset_until_it_is_let_in_again(string address)
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Serves(1);

        await proxy.Proxy.DenyAsync(address);

        using (Peer refused = await proxy.Connect())
        {
            await refused.ReceivesReset();
        }

        Assert.That(await proxy.Proxy.RemoveDenyAsync(address), Is.True);
        await proxy.Serves(1);
        Assert.That((await proxy.Ended(3)).Ended[EndReason.AccessDenied], Is.EqualTo(1));
        Assert.That(_upstream.Accepted, Is.EqualTo(2));
        Assert.That(await proxy.Proxy.RemoveDenyAsync(address), Is.False);
    }

    [Test]
    public async Task Other_clients_are_served()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Proxy.DenyAsync("192.0.2.0/24");
        await proxy.Proxy.DenyAsync("::/0");

        await proxy.Serves(1);
    }

    [Test]
    public async Task It_ends_by_the_clock_of_the_proxy()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        await proxy.Proxy.DenyAsync("127.0.0.1", new DenyOptions { Duration = _minute });
        await proxy.Proxy.DenyAsync("192.0.2.7", new DenyOptions { Duration = 2 * _minute });

        proxy.Clock!.Advance(_minute - TimeSpan.FromSeconds(1));
        using (Peer refused = await proxy.Connect())
        {
            await refused.ReceivesReset();
        }

        Assert.That(proxy.Proxy.GetDenied().Select(static one => $"{one}"), Is.EqualTo(["127.0.0.1 for 1 s", "192.0.2.7 for 61 s"]));
        proxy.Clock.Advance(TimeSpan.FromSeconds(1));

        await proxy.Serves(1);
        Assert.That(proxy.Proxy.GetDenied().Select(static one => one.Address), Is.EqualTo(["192.0.2.7"]));
        Assert.That(proxy.Log.TextsOf("DenyEnded"), Is.EqualTo(["127.0.0.1 is denied no more: its time is over"]));
    }

    [Test]
    public async Task What_is_denied_already_is_denied_for_the_new_time()
    {
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(_upstream.Endpoint);
        await proxy.Proxy.DenyAsync("127.0.0.1", new DenyOptions { Duration = 2 * _minute });

        await proxy.Proxy.DenyAsync("127.0.0.1", new DenyOptions { Duration = _minute });
        proxy.Clock!.Advance(_minute);

        await proxy.Serves(1);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Open_connections_end_only_when_that_is_asked_for(bool ends)
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        using Peer client = await proxy.Connect();
        await client.Echoes("before");

        await proxy.Proxy.DenyAsync("127.0.0.1", new DenyOptions { EndConnections = ends });

        if (ends)
        {
            await client.ReceivesReset();
            Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientCut));
            await proxy.HoldsNothing();
        }
        else
        {
            await client.Echoes("still here");
        }
    }

    [Test]
    public async Task Connections_of_all_loops_end()
    {
        await using RunningProxy proxy = await RunningProxy.OnLoops(2, ClientSpread.HandOver, _upstream.Endpoint);
        using Peer first = await proxy.Connect();
        using Peer second = await proxy.Connect();
        await first.Echoes("one");
        await second.Echoes("two");

        await proxy.Proxy.DenyAsync("127.0.0.1", new DenyOptions { EndConnections = true });

        await first.ReceivesReset();
        await second.ReceivesReset();
    }

    [Test]
    public async Task Address_that_is_denied_while_its_header_is_on_the_way_is_refused()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, static route => route.Listen.Add(
            new ListenOptions { Address = "127.0.0.1:0", ProxyProtocol = new ProxyProtocolOptions { From = { "127.0.0.1" } } }));
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);

        await proxy.Proxy.DenyAsync("192.0.2.7", new DenyOptions { EndConnections = true });
        await client.Send("PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\nhello");

        await client.ReceivesReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.AccessDenied));
    }

    [Test]
    public async Task It_stays_over_a_change_of_the_options()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Proxy.DenyAsync("127.0.0.1");

        await proxy.Proxy.ApplyAsync(proxy.Proxy.GetOptions());

        using Peer refused = await proxy.Connect();
        await refused.ReceivesReset();
    }

    [Test]
    public async Task One_too_many_is_an_error_and_nothing_is_lost()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, options: static options => options.MaxDenied = 1);
        await proxy.Proxy.DenyAsync("192.0.2.1");

        DenyLimitException? refusal = Assert.ThrowsAsync<DenyLimitException>(() => proxy.Proxy.DenyAsync("192.0.2.2"));

        Assert.That(refusal!.Message, Is.EqualTo("1 addresses and ranges are denied already, and no more may be: MaxDenied"));
        Assert.That(proxy.Proxy.GetDenied().Select(static one => one.Address), Is.EqualTo(["192.0.2.1"]));
        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.MaxDenied = 2;
        await proxy.Proxy.ApplyAsync(options);
        await proxy.Proxy.DenyAsync("192.0.2.2");
        Assert.That((await proxy.Proxy.GetSnapshotAsync(0)).Denied, Has.Count.EqualTo(2));
    }

    [TestCase("localhost", "'localhost' is neither an address, such as 10.0.0.1, nor a range, such as 10.0.0.0/8")]
    [TestCase("10.0.0.1/8", "'10.0.0.1/8' has bits set after the first 8: write 10.0.0.0/8, or the address alone")]
    public async Task What_is_no_address_is_refused(string text, string cause)
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);

        Assert.That(Assert.ThrowsAsync<ArgumentException>(() => proxy.Proxy.DenyAsync(text))!.Message, Does.StartWith(cause));
        Assert.That(Assert.ThrowsAsync<ArgumentException>(() => proxy.Proxy.RemoveDenyAsync(text))!.Message, Does.StartWith(cause));
        Assert.That(proxy.Proxy.GetDenied(), Is.Empty);
    }

    [TestCase(0)]
    [TestCase(30.01)]
    public async Task Time_has_a_range(double days)
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);

        Assert.That(
            Assert.ThrowsAsync<ArgumentException>(() => proxy.Proxy.DenyAsync("192.0.2.1", new DenyOptions { Duration = TimeSpan.FromDays(days) }))!.Message,
            Does.StartWith("Duration must be more than zero, and at most 30 days"));
    }

    [Test]
    public async Task Stopped_proxy_denies_nobody()
    {
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        await proxy.Proxy.DenyAsync("192.0.2.1");

        await proxy.Proxy.StopAsync();

        Assert.That(proxy.Proxy.GetDenied(), Is.Empty);
        Assert.ThrowsAsync<InvalidOperationException>(() => proxy.Proxy.DenyAsync("192.0.2.1"));
    }
}
