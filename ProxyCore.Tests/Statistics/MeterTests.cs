using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Statistics;

/// <summary>What a listener of <c>System.Diagnostics.Metrics</c> is told.</summary>
internal sealed class MeterTests
{
    private EchoUpstream _upstream = null!;

    [SetUp]
    public void StartUpstream() => _upstream = new EchoUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Figures_are_those_of_what_really_happened()
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route => route.Name = name);
        using Peer gone = await proxy.Connect();
        await gone.Echoes("12345");
        gone.Fin();
        await gone.ReceivesEof();
        await proxy.Ended();
        using Peer client = await proxy.Connect();
        await client.Echoes("123");
        await proxy.HasRelayed(ConnectionSide.Upstream, 8);

        meter.Look();

        Assert.Multiple(() =>
        {
            Assert.That(meter["proxycore.accepted_connections"], Is.EqualTo(2));
            Assert.That(meter["proxycore.active_connections"], Is.EqualTo(1));
            Assert.That(meter["proxycore.ended_connections", "proxycore.end_reason=ClientFin"], Is.EqualTo(1));
            Assert.That(meter["proxycore.ended_connections", "proxycore.end_reason=Fault"], Is.Zero);
            Assert.That(meter["proxycore.io", "proxycore.direction=to_upstream"], Is.EqualTo(8));
            Assert.That(meter["proxycore.io", "proxycore.direction=to_client"], Is.EqualTo(8));
            Assert.That(meter["proxycore.queued_connections"], Is.Zero);
            Assert.That(meter["proxycore.upstream.up", $"proxycore.upstream={_upstream.Endpoint}"], Is.EqualTo(1));
            Assert.That(meter["proxycore.upstream.active_connections", $"proxycore.upstream={_upstream.Endpoint}"], Is.EqualTo(1));
            Assert.That(meter["proxycore.upstream.connects", $"proxycore.upstream={_upstream.Endpoint}"], Is.EqualTo(2));
            Assert.That(meter["proxycore.upstream.failed_connects", $"proxycore.upstream={_upstream.Endpoint}"], Is.Zero);
            Assert.That(meter.CountOf("proxycore.connect.duration"), Is.EqualTo(2));
            Assert.That(meter.CountOf("proxycore.connection.duration", "proxycore.end_reason=ClientFin"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Client_who_gets_no_upstream_counts_as_refused()
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route =>
        {
            route.Name = name;
            route.QueueLimit = 0;
            route.Upstreams[0].MaxConnections = 1;
        });
        using Peer first = await proxy.Connect();
        await first.Echoes("hello");
        using Peer second = await proxy.Connect();
        await second.ReceivesReset();
        await proxy.Ended();

        meter.Look();

        Assert.That(meter["proxycore.refused_connections", "proxycore.end_reason=QueueFull"], Is.EqualTo(1));
        Assert.That(meter.CountOf("proxycore.connect.duration"), Is.EqualTo(1));
    }

    [Test]
    public async Task Upstream_whose_name_does_not_resolve_is_not_up()
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.ToName(
            80, static (_, _) => Task.FromResult<IPAddress[]>([]), route: route => route.Name = name);
        await proxy.Log.Saw("LookupFailed");

        meter.Look();

        Assert.That(meter["proxycore.upstream.up", "proxycore.upstream=upstream.test:80"], Is.Zero);
    }

    [TestCase(UpstreamAdministration.Drain, null, 0, 1)]
    [TestCase(UpstreamAdministration.Disabled, null, 0, 1)]
    [TestCase(UpstreamAdministration.Ready, 0, 0, 1)]
    [TestCase(UpstreamAdministration.Ready, 5, 1, 0)]
    public async Task Upstream_that_was_taken_out_by_hand_is_not_up_and_that_is_told_apart(
        UpstreamAdministration administration, int? weight, int isUp, int isTakenOut)
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route => route.Name = name);
        await proxy.Proxy.SetUpstreamAsync(new UpstreamChange { Upstream = _upstream.Endpoint.ToString()!, State = administration, Weight = weight });

        meter.Look();

        string tag = $"proxycore.upstream={_upstream.Endpoint}";
        Assert.That((meter["proxycore.upstream.up", tag], meter["proxycore.upstream.taken_out", tag]), Is.EqualTo((isUp, isTakenOut)));
    }

    [Test]
    public async Task Loops_tell_what_they_do()
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route => route.Name = name);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");

        meter.Look();

        // Proxies of other tests may run at the same time, with loops of the same number.
        Assert.That(meter.Seen, Does.Contain("proxycore.loop.selects proxycore.loop=1"));
        Assert.That(meter.Seen, Does.Contain("proxycore.loop.busy_time proxycore.loop=1"));
        Assert.That(meter.Seen, Does.Contain("proxycore.loop.longest_turn proxycore.loop=1"));
        Assert.That(meter.Seen, Does.Contain("proxycore.loop.sockets proxycore.loop=1 proxycore.socket.state=watched"));
        Assert.That(meter.Seen, Does.Contain("proxycore.loop.sockets proxycore.loop=1 proxycore.socket.state=parked"));
        Assert.That(meter.Seen, Does.Contain("proxycore.max_connections"));
        Assert.That(meter.Seen, Does.Contain("proxycore.pending_bytes"));
        Assert.That(meter.Seen, Does.Contain("proxycore.max_pending_bytes"));
        Assert.That(meter.Seen, Does.Contain("proxycore.access_log.dropped"));
    }

    [Test]
    public async Task Listener_that_throws_costs_no_connection()
    {
        using var meter = new MeterListener();
        meter.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ProxyCore")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        meter.Start();
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint);
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();

        Assert.That((await proxy.Ended()).Ended[EndReason.ClientFin], Is.EqualTo(1));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Listener_that_throws_at_what_is_new_fails_the_start_and_leaves_nothing_open()
    {
        await using var proxy = new TcpProxy(new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions
                {
                    Listen = { "localhost:0" },
                    Upstreams = { new() { Address = _upstream.Endpoint.ToString()! } },
                },
            },
        });

        // What tests before have left open goes meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        int before = Descriptors.Count();
        bool throws = false;
        using (var meter = new MeterListener())
        {
            meter.InstrumentPublished = (instrument, _) =>
            {
                if (throws && instrument.Name == "proxycore.max_connections")
                {
                    throw new InvalidOperationException("listener");
                }
            };
            meter.Start();
            throws = true;

            Assert.That(() => proxy.StartAsync(), Throws.InvalidOperationException.With.Message.EqualTo("listener"));
        }

        Assert.That(Descriptors.Count(), Is.LessThanOrEqualTo(before));
        await proxy.StartAsync();
        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
    }

    [Test]
    public async Task Proxy_that_has_stopped_tells_its_last_figures_until_it_is_disposed_of()
    {
        string name = $"route {Guid.NewGuid()}";
        using var meter = new Listener(name);
        await using RunningProxy proxy = await RunningProxy.To(_upstream.Endpoint, route => route.Name = name);
        await proxy.Proxy.StopAsync();

        meter.Look();
        Assert.That(Accepted(meter), Is.Not.Empty);

        await proxy.DisposeAsync();
        using var late = new Listener(name);
        late.Look();
        Assert.That(Accepted(late), Is.Empty);

        static IEnumerable<string> Accepted(Listener meter) =>
            meter.Seen.Where(static seen => seen.StartsWith("proxycore.accepted", StringComparison.Ordinal));
    }

    /// <summary>Hears what concerns one route, or none: measurements of other tests' routes are left out.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly string _route;
        private readonly Dictionary<string, double> _values = [];
        private readonly Dictionary<string, int> _counts = [];

        internal Listener(string route)
        {
            _route = route;
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ProxyCore")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        internal IEnumerable<string> Seen
        {
            get
            {
                lock (_values)
                {
                    return [.. _values.Keys];
                }
            }
        }

        internal double this[string instrument, string tags = ""]
        {
            get
            {
                lock (_values)
                {
                    return _values[$"{instrument} {tags}".TrimEnd()];
                }
            }
        }

        internal int CountOf(string instrument, string tags = "")
        {
            lock (_values)
            {
                return _counts[$"{instrument} {tags}".TrimEnd()];
            }
        }

        internal void Look() => _listener.RecordObservableInstruments();

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var others = new List<string>();
            foreach ((string key, object? tag) in tags)
            {
                if (key != "proxycore.route")
                {
                    others.Add(string.Create(CultureInfo.InvariantCulture, $"{key}={tag}"));
                }
                else if ((string?)tag != _route)
                {
                    return;
                }
            }

            string name = $"{instrument.Name} {string.Join(' ', others)}".TrimEnd();
            lock (_values)
            {
                _values[name] = value;
                _counts[name] = _counts.GetValueOrDefault(name) + 1;
            }
        }
    }
}
