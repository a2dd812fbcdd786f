using System.Text;
using ProxyCore.Tests.Cli;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>Lists of addresses decide which clients may connect, to any route or to one.</summary>
internal sealed class AccessTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void SetUp() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task TearDown() => await _upstream.DisposeAsync();

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_denied_client_is_reset_and_never_reaches_the_upstream(bool isOfProxy)
    {
        await using RunningProxy proxy = await Start(isOfProxy, static access => access.Deny.Add("127.0.0.0/8"));
        using Peer client = await proxy.Connect();

        await client.ReceivesReset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.AccessDenied));
        Assert.That(_upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [TestCase("127.0.0.1", true)]
    [TestCase("::ffff:127.0.0.0/104", true)]
    [TestCase("192.0.2.0/24", false)]
    public async Task Only_allowed_clients_may_connect(string allowed, bool isServed)
    {
        await using RunningProxy proxy = await Start(isOfProxy: true, access => access.Allow.Add(allowed));
        using Peer client = await proxy.Connect();

        if (isServed)
        {
            await client.Echoes("hello");
        }
        else
        {
            await client.ReceivesReset();
        }
    }

    [Test]
    public async Task The_address_that_a_header_declares_is_the_one_that_counts()
    {
        await using RunningProxy proxy = await Start(
            isOfProxy: true,
            static access => access.Deny.Add("192.0.2.7"),
            static route => route.Listen.Add(new ListenOptions { Address = "127.0.0.1:0", ProxyProtocol = new ProxyProtocolOptions { From = { "127.0.0.1" } } }));
        using Peer denied = await proxy.Connect();
        using Peer served = await proxy.Connect();

        await denied.Send("PROXY TCP4 192.0.2.7 198.51.100.1 51234 443\r\nhello");
        await served.Send("PROXY TCP4 192.0.2.8 198.51.100.1 51234 443\r\nhello");

        await denied.ReceivesReset();
        Assert.That(await served.ReceiveText(5), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_file_has_more_entries()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("deny.txt", Encoding.UTF8.GetBytes("# loopback\n127.0.0.1\n"));
        await using RunningProxy proxy = await Start(isOfProxy: true, access => access.DenyFiles.Add(path));
        using Peer client = await proxy.Connect();

        await client.ReceivesReset();
    }

    [Test]
    public void A_list_that_cannot_be_read_is_a_mistake_at_the_start()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("deny.txt", Encoding.UTF8.GetBytes("10.0.0.0/8\n10.0.0.300\n"));

        Assert.That(
            () => Start(isOfProxy: false, access => access.DenyFiles.Add(path)),
            Throws.ArgumentException.With.Message.StartsWith($"Routes:0:Access:DenyFiles:0: {path}:2: "));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_reload_ends_open_connections_of_denied_clients_when_it_is_to(bool endsDenied)
    {
        await using RunningProxy proxy = await Start(isOfProxy: true, static _ => { });
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        await proxy.Proxy.ApplyAsync(Options(isOfProxy: true, access =>
        {
            access.Deny.Add("127.0.0.1");
            access.EndDenied = endsDenied;
        }));

        if (endsDenied)
        {
            await client.ReceivesReset();
        }
        else
        {
            await client.Echoes("still here");
        }
    }

    [Test]
    public async Task A_file_that_changes_is_read_again_and_ends_open_connections()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("deny.txt", Encoding.UTF8.GetBytes("192.0.2.1\n"));
        await using RunningProxy proxy = await Start(isOfProxy: false, access =>
        {
            access.DenyFiles.Add(path);
            access.EndDenied = true;
        });
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        File.WriteAllText(path, "127.0.0.1\n");

        await client.ReceivesReset();
    }

    [Test]
    public async Task A_route_that_was_removed_and_comes_back_follows_its_file_again()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Add("deny.txt", Encoding.UTF8.GetBytes("192.0.2.1\n"));
        TcpProxyOptions WithFile(string name)
        {
            TcpProxyOptions options = Options(isOfProxy: false, access =>
            {
                access.DenyFiles.Add(path);
                access.EndDenied = true;
            });
            options.Routes[0].Name = name;
            return options;
        }

        await using RunningProxy proxy = await Start(isOfProxy: true, static _ => { });
        await proxy.Proxy.ApplyAsync(WithFile("web"));
        using Peer keepsTheRoute = await proxy.Connect();
        await keepsTheRoute.Echoes("hello");
        await proxy.Proxy.ApplyAsync(WithFile("other"));
        await proxy.Proxy.ApplyAsync(WithFile("web"));
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        File.WriteAllText(path, "127.0.0.1\n");

        await client.ReceivesReset();
    }

    [Test]
    public async Task Refusals_fill_neither_the_log_nor_the_access_log_and_none_is_lost_in_the_sum()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullName, "access.log");
        await using (RunningProxy proxy = await Start(
            isOfProxy: true,
            static access => access.Deny.Add("127.0.0.1"),
            options: options => options.AccessLog = new AccessLogOptions { Path = path },
            onFakeClock: true))
        {
            for (int i = 0; i < 20; i++)
            {
                using Peer client = await proxy.Connect();
                await client.ReceivesReset();
            }

            await proxy.HasEnded(20);

            // The last is counted before it is reported, in the same turn of the loop.
            await proxy.OnLoop(static _ => true);
            TcpProxyStatistics statistics = proxy.Proxy.GetStatistics();
            Assert.That(statistics.Ended[EndReason.AccessDenied], Is.EqualTo(20));
            Assert.That(statistics.AccessLogLeftOut, Is.EqualTo(19));
            Assert.That(proxy.Log.CountOf("ClientRefused"), Is.EqualTo(1));

            proxy.Clock!.Advance(TimeSpan.FromSeconds(1));
            LogEntry sum = await proxy.Log.Saw("MoreClientsRefused");
            Assert.That(sum.Text, Is.EqualTo("19 more clients were refused (AccessDenied)"));
        }

        Assert.That(File.ReadAllLines(path), Has.Length.EqualTo(1));
    }

    private static Action<TcpProxyOptions> Configure(bool isOfProxy, Action<AccessOptions> configure) => options =>
    {
        var access = new AccessOptions();
        configure(access);
        options.Access = isOfProxy ? access : null;
        options.Routes[0].Access = isOfProxy ? null : access;
    };

    private Task<RunningProxy> Start(
        bool isOfProxy,
        Action<AccessOptions> access,
        Action<RouteOptions>? route = null,
        Action<TcpProxyOptions>? options = null,
        bool onFakeClock = false)
    {
        Action<TcpProxyOptions> all = Configure(isOfProxy, access) + options;
        return onFakeClock
            ? RunningProxy.OnFakeClock(_upstream.Endpoint, route, all)
            : RunningProxy.To(_upstream.Endpoint, route, all);
    }

    private TcpProxyOptions Options(bool isOfProxy, Action<AccessOptions> access)
    {
        var options = new TcpProxyOptions
        {
            ParkIdleSockets = ParkingFixture.Policy is not null,
            Routes = { new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new() { Address = _upstream.Endpoint.ToString()! } } } },
        };
        Configure(isOfProxy, access)(options);
        return options;
    }
}
