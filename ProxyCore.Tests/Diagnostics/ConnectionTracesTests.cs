using System.Diagnostics;
using System.Net;
using ProxyCore.Diagnostics;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Diagnostics;

/// <summary>One activity a connection, for whoever listens; a listener that fails harms nobody.</summary>
internal sealed class ConnectionTracesTests
{
    private readonly Lock _gate = new();
    private readonly List<Activity> _stopped = [];

    [SetUp]
    public void Forget() => _stopped.Clear();

    [Test]
    public async Task Connection_is_one_activity_with_its_times_and_what_is_known_of_it()
    {
        using ActivityListener listener = Listen();
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(upstream.Endpoint, static route => route.Name = "web");
        DateTime begin = proxy.Clock!.GetUtcNow().UtcDateTime;
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        proxy.Clock.Advance(TimeSpan.FromSeconds(3));
        client.Fin();
        await client.ReceivesEof();

        Activity activity = await OnlyOne(proxy);
        Assert.That((activity.Kind, activity.Status, activity.DisplayName), Is.EqualTo((ActivityKind.Server, ActivityStatusCode.Unset, "relay web")));
        Assert.That((activity.StartTimeUtc, activity.Duration), Is.EqualTo((begin, TimeSpan.FromSeconds(3))));
        var from = (IPEndPoint)client.Socket.LocalEndPoint!;
        var to = (IPEndPoint)upstream.Endpoint;
        var expected = new Dictionary<string, object?>
        {
            ["network.transport"] = "tcp",
            ["client.address"] = "127.0.0.1",
            ["client.port"] = from.Port,
            ["server.address"] = "127.0.0.1",
            ["server.port"] = to.Port,
            ["proxycore.route"] = "web",
            ["proxycore.connection.id"] = 1L,
            ["proxycore.end_reason"] = "ClientFin",
            ["proxycore.ended_by"] = "client",
            ["proxycore.phase"] = "relaying",
            ["proxycore.attempts"] = 1,
            ["proxycore.bytes_to_upstream"] = 5L,
            ["proxycore.bytes_to_client"] = 5L,
        };
        Assert.That(activity.TagObjects.ToDictionary(), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task End_that_is_not_orderly_is_an_error_with_its_type()
    {
        using ActivityListener listener = Listen();
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.To(refused.Endpoint);
        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        Activity activity = await OnlyOne(proxy);

        Assert.That((activity.Status, activity.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, "ConnectRefused")));
    }

    [Test]
    public async Task Activity_of_whoever_starts_the_proxy_is_no_parent_and_stays_the_current_one()
    {
        using ActivityListener listener = Listen();
        await using var upstream = new EchoUpstream();
        using Activity starter = new Activity("start").Start();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using Peer client = await proxy.Connect();
        client.Fin();
        await client.ReceivesEof();

        Activity activity = await OnlyOne(proxy, dispose: false);

        Assert.That(activity.Parent, Is.Null);
        Assert.That(activity.TraceId, Is.Not.EqualTo(starter.TraceId));
        Assert.That(Activity.Current, Is.SameAs(starter));
    }

    [Test]
    public void Current_activity_of_the_thread_is_restored_even_when_a_listener_throws()
    {
        using ActivityListener listener = Listen(static _ => throw new InvalidDataException("a listener that throws"));
        using Activity current = new Activity("current").Start();

        Assert.That(
            static () => ConnectionTraces.Add(new EndedConnection(new ConnectionReport { Id = 1, Route = "web" }, DateTimeOffset.UnixEpoch)),
            Throws.InstanceOf<InvalidDataException>());

        Assert.That(Activity.Current, Is.SameAs(current));
    }

    [Test]
    public async Task Listener_that_throws_harms_no_connection_and_the_access_log_has_its_line()
    {
        using ActivityListener listener = Listen(static _ => throw new InvalidDataException("a listener that throws"));
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: static options => options.AccessLog = new AccessLogOptions());
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        client.Fin();
        await client.ReceivesEof();

        await proxy.Log.Saw("TellingFailed");
        await proxy.Log.Saw("ConnectionEnded");
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientFin));
        using Peer next = await proxy.Connect();
        await next.Echoes("served");
    }

    [TestCase("3000", "localhost", 3000)]
    [TestCase("db.example:5432", "db.example", 5432)]
    [TestCase("[2001:db8::1]:80", "2001:db8::1", 80)]
    [TestCase("unix:/run/db.sock", "unix:/run/db.sock", null)]
    public void Upstream_is_told_as_address_and_port(string upstream, string address, int? port)
    {
        using ActivityListener listener = Listen();

        ConnectionTraces.Add(new EndedConnection(
            new ConnectionReport { Id = 1, Route = "web", Upstream = upstream, Reason = EndReason.ClientFin }, DateTimeOffset.UnixEpoch));

        Activity activity = _stopped.Single();
        Assert.That((activity.GetTagItem("server.address"), activity.GetTagItem("server.port")), Is.EqualTo(((object?)address, (object?)port)));
        Assert.That(activity.GetTagItem("client.address"), Is.Null);
    }

    [Test]
    public void Without_a_listener_nothing_is_wanted() => Assert.That(ConnectionTraces.AreWanted, Is.False);

    private ActivityListener Listen(Action<Activity>? whenStopped = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "ProxyCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = whenStopped ?? Keep,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private void Keep(Activity activity)
    {
        lock (_gate)
        {
            _stopped.Add(activity);
        }
    }

    private async Task<Activity> OnlyOne(RunningProxy proxy, bool dispose = true)
    {
        await proxy.Ended();
        await proxy.OnEachLoop(static _ => true);
        if (dispose)
        {
            await proxy.DisposeAsync();
        }

        lock (_gate)
        {
            return _stopped.Single();
        }
    }
}
