
namespace ProxyCore.Tests.Options;

/// <summary>What the proxy's constructor says of options that have errors.</summary>
internal sealed class OptionsTests
{
    private static readonly TimeSpan _tooLong = TimeSpan.FromDays(365) + TimeSpan.FromTicks(1);

    private static IEnumerable<TestCaseData> ValidationErrors()
    {
        static TestCaseData Case(string path, Action<TcpProxyOptions> spoil) =>
            new TestCaseData(path, spoil).SetArgDisplayNames(path);

        yield return Case("Routes: at least one", static o => o.Routes.Clear());
        yield return Case("Routes:1: must not be null", static o => o.Routes.Add(null!));
        yield return Case("Routes:0:Upstreams:0: must not be null", static o => o.Routes[0].Upstreams[0] = null!);
        yield return Case("Routes:0:Upstreams:0:Address: '' is no endpoint", static o => o.Routes[0].Upstreams[0].Address = null!);
        yield return Case("Routes:0:Listen:0: must not be null", static o => o.Routes[0].Listen[0] = null!);
        yield return Case("Loops", static o => o.Loops = 0);
        yield return Case("Loops", static o => o.Loops = 65);
        yield return Case("MaxConnections", static o => o.MaxConnections = 0);
        yield return Case("DrainTimeout", static o => o.DrainTimeout = -TimeSpan.FromTicks(1));
        yield return Case("DrainTimeout", static o => o.DrainTimeout = _tooLong);
        yield return Case("BufferSize", static o => o.BufferSize = 1023);
        yield return Case("MaxPendingBytes", static o => o.MaxPendingBytes = -1);
        yield return Case("BufferSize", static o => o.BufferSize = (16 * 1024 * 1024) + 1);
        yield return Case("Routes:1:Name: 'a' is the name of Routes:0 already", static o => AddTwin(o));
        yield return Case("Routes:1:Name: 'route2' is the name of Routes:0 already", static o =>
        {
            o.Routes[0].Name = "route2";
            o.Routes.Add(ValidRoute());
        });
        yield return Case("Routes:0:Listen: at least one", static o => o.Routes[0].Listen.Clear());
        yield return Case("Routes:0:Listen:1: 'no' is no endpoint", static o => o.Routes[0].Listen.Add("no"));
        yield return Case("Routes:0:Listen:0: 'a.example:1' is a name", static o => o.Routes[0].Listen[0] = "a.example:1");
        yield return Case(
            "Routes:0:Listen:2: 'localhost:8080' is listened on already, by Routes:0:Listen:1",
            static o =>
            {
                o.Routes[0].Listen.Add("8080");
                o.Routes[0].Listen.Add("localhost:8080");
            });
        yield return Case("Routes:1:Listen:0: '[0::0:1]:80' is listened on already, by Routes:0:Listen:1", static o =>
        {
            o.Routes[0].Listen.Add("[::1]:80");
            o.Routes.Add(new() { Listen = { "[0::0:1]:80" }, Upstreams = { new() { Address = "1" } } });
        });
        yield return Case("Routes:0:Upstreams: at least one", static o => o.Routes[0].Upstreams.Clear());
        yield return Case(
            "Routes:0:Listen:0:Address: 'a.example:1' is a name", static o => o.Routes[0].Listen[0] = new() { Address = "a.example:1" });
        foreach ((string first, string second) in new[]
        {
            ("localhost:80", "127.0.0.1:80"), ("[::1]:80", "80"), ("*:80", "[fe80::1%1]:80"), ("192.0.2.1:80", "*:80"),
            ("0.0.0.0:80", "192.0.2.1:80"), ("[2001:db8::1]:80", "[::]:80"), ("[::ffff:192.0.2.1]:80", "192.0.2.1:080"),
            ("unix:/tmp/u", "unix:/tmp/../tmp/u"), ("unix:/tmp/u", "UNIX:/tmp/./u"),
        })
        {
            yield return Case($"Routes:0:Listen:2: '{second}' ", o =>
            {
                o.Routes[0].Listen.Add(first);
                o.Routes[0].Listen.Add(second);
            });
        }

        yield return Case("Routes:0:Listen:1: 'unix:@u' is an abstract socket", static o => o.Routes[0].Listen.Add("unix:@u"));
        yield return Case("Routes:0:Listen:1: '[fe80::1]:80' is a link-local address", static o => o.Routes[0].Listen.Add("[fe80::1]:80"));
        yield return Case("Routes:0:Upstreams:0:Address: '[fe80::1]:80' is a link-local", static o => o.Routes[0].Upstreams[0].Address = "[fe80::1]:80");
        foreach ((string first, string second) in new[]
        {
            ("1", "1"), ("3000", "LOCALHOST:03000"), ("[::1]:80", "[0:0:0:0:0:0:0:1]:80"), ("unix:/u", "UNIX:/u"), ("A.example:1", "a.Example:1"),
        })
        {
            yield return Case($"Routes:0:Upstreams:1:Address: '{second}' is the address of Routes:0:Upstreams:0 already", o =>
            {
                o.Routes[0].Upstreams[0].Address = first;
                o.Routes[0].Upstreams.Add(new() { Address = second });
            });
        }

        yield return Case("Routes:0:Upstreams:0:Weight: must be from 0 to 1000", static o => o.Routes[0].Upstreams[0].Weight = -1);
        yield return Case("Routes:0:Upstreams:0:Weight", static o => o.Routes[0].Upstreams[0].Weight = 1001);
        yield return Case("Routes:0:Upstreams:0:MaxConnections", static o => o.Routes[0].Upstreams[0].MaxConnections = 0);
        yield return Case("Routes:0:Upstreams:0:EachAddress: '1' is no name", static o => o.Routes[0].Upstreams[0].EachAddress = true);
        yield return Case("Routes:0:Upstreams:0:EachAddress: 'test:db' is no name", static o => OfSource(o, "test:db").EachAddress = true);
        yield return Case("Routes:0:Upstreams:0:Weight: must be 0 or 1: the servers of 'test:' have weights of their own", static o => OfSource(o, "test:db").Weight = 2);
        yield return Case("Routes:0:Upstreams:0:Address: 'test:bad' can't be looked up: it is bad", static o => OfSource(o, "test:bad"));
        yield return Case("Routes:0:Upstreams:0:Address: 'test:' has no name behind test:", static o => OfSource(o, "test:"));
        yield return Case("Routes:0:Upstreams:0:Address: 'other:db' has no valid port", static o => OfSource(o, "other:db"));
        yield return Case("UpstreamSources:unix: is no scheme", static o => o.UpstreamSources.Add("unix", new Pools.TestSource()));
        yield return Case("UpstreamSources:A: is no scheme", static o => o.UpstreamSources.Add("A", new Pools.TestSource()));
        yield return Case("UpstreamSources:a: must not be null", static o => o.UpstreamSources.Add("a", null!));
        yield return Case("Routes:0:HashBy: needs HashTlv", static o => (o.Routes[0].Balancing, o.Routes[0].HashBy) = (BalancingNames.ClientHash, ClientHashKey.ProxyTlv));
        yield return Case("Routes:0:HashTlv: needs HashBy ProxyTlv", static o => o.Routes[0].HashTlv = 0xE0);
        yield return Case(
            "Routes:0:Balancing: 'Best' is no balancing policy: expected one of RoundRobin, LeastConnections, RandomOfTwo, ClientHash, FirstAvailable, Own",
            static o =>
            {
                o.BalancingPolicies.Add("Own", static () => null!);
                o.Routes[0].Balancing = "Best";
            });
        yield return Case("Routes:0:Balancing: '' is no", static o => o.Routes[0].Balancing = null!);
        yield return Case("Routes:0:ConnectAttempts", static o => o.Routes[0].ConnectAttempts = 0);
        yield return Case("Routes:0:QueueLimit", static o => o.Routes[0].QueueLimit = -1);
        yield return Case("Routes:0:QueueTimeout", static o => o.Routes[0].QueueTimeout = TimeSpan.Zero);
        yield return Case("Routes:0:ResolveInterval", static o => o.Routes[0].ResolveInterval = TimeSpan.FromSeconds(0.9));
        yield return Case("Routes:0:PassiveHealth: must not be null", static o => o.Routes[0].PassiveHealth = null!);
        yield return Case("Routes:0:PassiveHealth:Failures", static o => o.Routes[0].PassiveHealth.Failures = -1);
        yield return Case("Routes:0:PassiveHealth:OutTime", static o => o.Routes[0].PassiveHealth.OutTime = TimeSpan.Zero);
        yield return Case("Routes:0:PassiveHealth:MaxOutTime", static o => o.Routes[0].PassiveHealth.MaxOutTime = TimeSpan.Zero);
        yield return Case(
            "Routes:0:PassiveHealth:MaxOutTime: must not be less than OutTime",
            static o => o.Routes[0].PassiveHealth.MaxOutTime = TimeSpan.FromSeconds(4));
        yield return Case("Routes:0:RetryBudget:Share: must be from 0 to 1", static o => o.Routes[0].RetryBudget = new() { Share = 1.1 });
        yield return Case("Routes:0:RetryBudget:Share: must be from 0 to 1", static o => o.Routes[0].RetryBudget = new() { Share = double.NaN });
        yield return Case("Routes:0:RetryBudget:Minimum: must be 0 or more", static o => o.Routes[0].RetryBudget = new() { Minimum = -1 });
        yield return Case("Routes:0:PassiveHealth:MaxOutShare: must be from 0 to 1", static o => o.Routes[0].PassiveHealth.MaxOutShare = -0.1);
        yield return Case("Routes:0:HashBy: needs Balancing ClientHash", static o => o.Routes[0].HashBy = ClientHashKey.ServerName);
        yield return Case(
            "Routes:0:HashBy: must be one of Address, ServerName, ProxyTlv",
            static o => (o.Routes[0].Balancing, o.Routes[0].HashBy) = (BalancingNames.ClientHash, (ClientHashKey)3));
        yield return Case("Routes:0:HealthCheck:Interval", static o => o.Routes[0].HealthCheck = new() { Interval = TimeSpan.Zero });
        yield return Case("Routes:0:HealthCheck:Timeout", static o => o.Routes[0].HealthCheck = new() { Timeout = TimeSpan.Zero });
        yield return Case("Routes:0:HealthCheck:Rise", static o => o.Routes[0].HealthCheck = new() { Rise = 0 });
        yield return Case("Routes:0:HealthCheck:Fall", static o => o.Routes[0].HealthCheck = new() { Fall = 0 });
        yield return Case("Routes:0:HealthCheck:Send: must have at most 4096", static o => o.Routes[0].HealthCheck = new() { Send = new string('x', 4097) });
        yield return Case("Routes:0:HealthCheck:Send: must have no character above U+00FF", static o => o.Routes[0].HealthCheck = new() { Send = "€" });
        yield return Case("Routes:0:HealthCheck:Expect", static o => o.Routes[0].HealthCheck = new() { Expect = new string('x', 1025) });
        yield return Case("Routes:0:Upstreams:0:Address: 'no' is no endpoint", static o => o.Routes[0].Upstreams[0].Address = "no");
        yield return Case("Routes:0:Upstreams:0:Address: '*:1' is every address", static o => o.Routes[0].Upstreams[0].Address = "*:1");
        yield return Case("Routes:0:Upstreams:0:Address: '0' has port 0", static o => o.Routes[0].Upstreams[0].Address = "0");
        yield return Case("Routes:0:ConnectTimeout", static o => o.Routes[0].ConnectTimeout = TimeSpan.Zero);
        yield return Case("Routes:0:ConnectTimeout", static o => o.Routes[0].ConnectTimeout = _tooLong);
        yield return Case("Routes:0:IdleTimeout", static o => o.Routes[0].IdleTimeout = TimeSpan.Zero);
        yield return Case("Routes:0:IdleTimeout", static o => o.Routes[0].IdleTimeout = _tooLong);
        yield return Case("Routes:0:HalfCloseTimeout", static o => o.Routes[0].HalfCloseTimeout = Timeout.InfiniteTimeSpan);
        yield return Case("Routes:0:MaxLifetime", static o => o.Routes[0].MaxLifetime = TimeSpan.Zero);
        yield return Case("Routes:0:MaxLifetime", static o => o.Routes[0].MaxLifetime = _tooLong);
        yield return Case("Routes:0:OnMaxLifetime: must be one of Reset, Fin", static o => o.Routes[0].OnMaxLifetime = (LifetimeAction)2);
        yield return Case("Routes:0:Backlog", static o => o.Routes[0].Backlog = 0);
        yield return Case("Routes:0:KeepAlive", static o => o.Routes[0].KeepAlive = TimeSpan.FromSeconds(1.5));
        yield return Case("Routes:0:KeepAlive", static o => o.Routes[0].KeepAlive = TimeSpan.Zero);
        yield return Case("Routes:0:KeepAlive", static o => o.Routes[0].KeepAlive = TimeSpan.FromSeconds(32768));
        yield return Case("Routes:0:MaxConnections", static o => o.Routes[0].MaxConnections = 0);
        yield return Case(
            "Routes:0:Listen:0:MaxConnectionRate: must be a rate, such as 10/s", static o => o.Routes[0].Listen[0] = new("1") { MaxConnectionRate = default(ConnectionRate) });
        foreach ((string prefix, Action<TcpProxyOptions, ClientLimitOptions> place) in new (string, Action<TcpProxyOptions, ClientLimitOptions>)[]
        {
            ("", static (o, limits) => o.ClientLimits = limits), ("Routes:0:", static (o, limits) => o.Routes[0].ClientLimits = limits),
        })
        {
            yield return Case($"{prefix}ClientLimits:Connections: must be 1 or more", o => place(o, new() { Connections = 0 }));
            yield return Case($"{prefix}ClientLimits:ConnectionRate: must be a rate, such as 10/s", o => place(o, new() { ConnectionRate = default(ConnectionRate) }));
            yield return Case($"{prefix}ClientLimits:Burst: must be from 1 to 1000000", o => place(o, new() { Burst = 0 }));
            yield return Case($"{prefix}ClientLimits:Prefix4: must be from 1 to 32", o => place(o, new() { Prefix4 = 33 }));
            yield return Case($"{prefix}ClientLimits:Prefix6: must be from 1 to 128", o => place(o, new() { Prefix6 = 0 }));
            yield return Case($"{prefix}ClientLimits:Entries: must be from 1 to 16777216", o => place(o, new() { Entries = 0 }));
            yield return Case($"{prefix}ClientLimits:OnExceeded: must be Reset, Close, Wait or LogOnly", o => place(o, new() { OnExceeded = (LimitAction)4 }));
            yield return Case($"{prefix}ClientLimits:WaitTimeout", o => place(o, new() { WaitTimeout = TimeSpan.Zero }));
            yield return Case($"{prefix}ClientLimits:WaitLimit: must be 1 or more", o => place(o, new() { WaitLimit = 0 }));
        }

        yield return Case("Routes:0:Bandwidth:ToClient: must be from 1024 to 2097152000", static o => o.Routes[0].Bandwidth = new() { ToClient = 1023 });
        yield return Case("Routes:0:Bandwidth:ToUpstream", static o => o.Routes[0].Bandwidth = new() { ToUpstream = (2000L * 1024 * 1024) + 1 });
        yield return Case("Routes:0:Bandwidth:Burst", static o => o.Routes[0].Bandwidth = new() { Burst = 0 });
        yield return Case("Routes:0:Bandwidth:Per: must be one of Connection, Client, Route", static o => o.Routes[0].Bandwidth = new() { Per = (BandwidthScope)3 });
        yield return Case("Routes:1:Backlog", static o => o.Routes.Add(new() { Listen = { "2" }, Upstreams = { new() { Address = "3" } }, Backlog = 0 }));
    }

    private static IEnumerable<TestCaseData> Borders()
    {
        static TestCaseData Case(string name, Action<TcpProxyOptions> set) => new TestCaseData(set).SetArgDisplayNames(name);

        yield return Case("defaults", static _ => { });
        yield return Case("Loops 1", static o => o.Loops = 1);
        yield return Case("Loops 64", static o => o.Loops = 64);
        yield return Case("MaxConnections 1", static o => o.MaxConnections = 1);
        yield return Case("DrainTimeout zero", static o => o.DrainTimeout = TimeSpan.Zero);
        yield return Case("DrainTimeout a year", static o => o.DrainTimeout = TimeSpan.FromDays(365));
        yield return Case("BufferSize 1 KiB", static o => o.BufferSize = 1024);
        yield return Case("MaxPendingBytes 0", static o => o.MaxPendingBytes = 0);
        yield return Case("BufferSize 16 MiB", static o => o.BufferSize = 16 * 1024 * 1024);
        yield return Case("IdleTimeout a tick", static o => o.Routes[0].IdleTimeout = TimeSpan.FromTicks(1));
        yield return Case("limits of clients that limit nothing", static o => o.ClientLimits = new());
        yield return Case("the least limits of clients", static o => o.Routes[0].ClientLimits = new()
        {
            Connections = 1,
            ConnectionRate = ConnectionRate.PerHour(1),
            Burst = 1,
            Prefix4 = 1,
            Prefix6 = 1,
            Entries = 1,
            WaitTimeout = TimeSpan.FromTicks(1),
            WaitLimit = 1,
        });
        yield return Case("the highest limits of clients", static o => o.ClientLimits = new()
        {
            Connections = int.MaxValue,
            ConnectionRate = ConnectionRate.PerSecond(1_000_000),
            Burst = 1_000_000,
            Prefix6 = 128,
            Entries = 16 << 20,
            WaitLimit = int.MaxValue,
        });
        yield return Case("Backlog 1", static o => o.Routes[0].Backlog = 1);
        yield return Case("KeepAlive off", static o => o.Routes[0].KeepAlive = null);
        yield return Case("KeepAlive 1 s", static o => o.Routes[0].KeepAlive = TimeSpan.FromSeconds(1));
        yield return Case("Bandwidth without rates", static o => o.Routes[0].Bandwidth = new());
        yield return Case("Bandwidth 1 KiB to 2000 MiB", static o => o.Routes[0].Bandwidth = new() { ToClient = 1024, ToUpstream = 2000 * 1024 * 1024, Burst = 1024 });
        yield return Case("KeepAlive 32767 s", static o => o.Routes[0].KeepAlive = TimeSpan.FromSeconds(32767));
        yield return Case("balancing in any case", static o => o.Routes[0].Balancing = "leastconnections");
        yield return Case("endpoints beside each other", static o =>
        {
            foreach (string listen in (string[])["192.0.2.1:80", "[2001:db8::1]:80", "0.0.0.0:81", "[::]:81", "*:82", "localhost:80", "*:0", "0"])
            {
                o.Routes[0].Listen.Add(listen);
            }
        });
        yield return Case("localhost and one of its addresses as upstreams", static o =>
        {
            o.Routes[0].Upstreams.Add(new() { Address = "127.0.0.1:1" });
            o.Routes[0].Upstreams.Add(new() { Address = "[::1]:1" });
        });
        yield return Case("two upstreams", static o => o.Routes[0].Upstreams.Add(new() { Address = "2", Weight = 0, Backup = true }));
        yield return Case("server of a source", static o => OfSource(o, "TEST:db").Weight = 0);
        yield return Case("name that a source has for a scheme, with a port", static o => OfSource(o, "test:80"));
        yield return Case("EachAddress of a name", static o => o.Routes[0].Upstreams[0] = new() { Address = "a.example:1", EachAddress = true });
        yield return Case("a policy of one's own", static o =>
        {
            o.BalancingPolicies.Add("Own", static () => new ProxyCore.Upstreams.FirstAvailable());
            o.Routes[0].Balancing = "Own";
        });
        yield return Case("QueueLimit 0", static o => o.Routes[0].QueueLimit = 0);
        yield return Case("no passive health", static o => o.Routes[0].PassiveHealth.Failures = 0);
        yield return Case("every byte in a check", static o => o.Routes[0].HealthCheck = new() { Send = "\0\u00FF", Expect = null! });
        yield return Case("upstream name", static o => o.Routes[0].Upstreams[0].Address = "a.example:1");
        yield return Case("Unix sockets", static o =>
        {
            o.Routes[0].Listen.Add("unix:/tmp/a");
            o.Routes[0].Upstreams[0].Address = "unix:/tmp/b";
        });
    }

    [TestCaseSource(nameof(ValidationErrors))]
    public void A_mistake_is_reported_alone_and_with_its_path(string expected, Action<TcpProxyOptions> spoil)
    {
        TcpProxyOptions options = Valid();
        spoil(options);

        string[] errors = MistakesIn(options);

        Assert.That(errors, Has.Length.EqualTo(1));
        Assert.That(errors[0], Does.StartWith(expected));
    }

    [TestCaseSource(nameof(Borders))]
    public void What_is_still_allowed_is_taken(Action<TcpProxyOptions> set)
    {
        TcpProxyOptions options = Valid();
        set(options);

        Assert.That(() => new TcpProxy(options), Throws.Nothing);
    }

    [Test]
    public void All_mistakes_are_reported_at_once()
    {
        var options = new TcpProxyOptions
        {
            Loops = -1,
            MaxConnections = -1,
            BufferSize = 0,
            Routes =
            {
                new() { Listen = { "x", "y" }, Upstreams = { new() }, Backlog = 0 },
                new() { KeepAlive = TimeSpan.Zero },
            },
        };

        Assert.That(MistakesIn(options).Select(static line => line[..line.IndexOf(": ", StringComparison.Ordinal)]), Is.EquivalentTo(
        [
            "Loops",
            "MaxConnections",
            "BufferSize",
            "Routes:0:Backlog",
            "Routes:0:Listen:0",
            "Routes:0:Listen:1",
            "Routes:0:Upstreams:0:Address",
            "Routes:1:KeepAlive",
            "Routes:1:Listen",
            "Routes:1:Upstreams",
        ]));
    }

    [Test]
    public void Each_pair_of_equal_names_and_addresses_is_reported()
    {
        TcpProxyOptions options = Valid();
        options.Routes.Clear();
        foreach (string name in (string[])["a", "b", "a", "b"])
        {
            options.Routes.Add(new()
            {
                Name = name,
                Listen = { "0" },
                Upstreams = { new() { Address = "1" }, new() { Address = "2" }, new() { Address = "1" }, new() { Address = "2" } },
            });
        }

        string[] errors = MistakesIn(options);

        Assert.That(errors.Where(static one => one.Contains("Name")), Is.EqualTo(
            ["Routes:2:Name: 'a' is the name of Routes:0 already", "Routes:3:Name: 'b' is the name of Routes:1 already"]));
        Assert.That(errors.Where(static one => one.StartsWith("Routes:0", StringComparison.Ordinal)), Is.EqualTo(
        [
            "Routes:0:Upstreams:2:Address: '1' is the address of Routes:0:Upstreams:0 already",
            "Routes:0:Upstreams:3:Address: '2' is the address of Routes:0:Upstreams:1 already",
        ]));
    }

    [Test]
    public void A_limit_is_not_compared_with_a_value_that_is_wrong_itself()
    {
        TcpProxyOptions options = Valid();
        options.Routes[0].PassiveHealth = new() { OutTime = TimeSpan.FromDays(400), MaxOutTime = TimeSpan.FromSeconds(1) };

        Assert.That(MistakesIn(options), Is.EqualTo(["Routes:0:PassiveHealth:OutTime: must be more than zero, and at most 365 days"]));
    }

    [Test]
    public void Null_options_are_refused() => Assert.That(() => new TcpProxy(null!), Throws.ArgumentNullException);

    private static TcpProxyOptions Valid() => new() { Routes = { ValidRoute() } };

    private static RouteOptions ValidRoute() => new() { Listen = { "0" }, Upstreams = { new() { Address = "1" } } };

    private static void AddTwin(TcpProxyOptions options)
    {
        options.Routes[0].Name = "a";
        options.Routes.Add(ValidRoute());
        options.Routes[1].Name = "a";
    }

    private static string[] MistakesIn(TcpProxyOptions options)
    {
        ArgumentException? exception = Assert.Throws<ArgumentException>(() => _ = new TcpProxy(options));
        return exception!.Message.Split(Environment.NewLine);
    }

    private static UpstreamOptions OfSource(TcpProxyOptions options, string address)
    {
        options.UpstreamSources["test"] = new Pools.TestSource();
        options.Routes[0].Upstreams[0].Address = address;
        return options.Routes[0].Upstreams[0];
    }
}
