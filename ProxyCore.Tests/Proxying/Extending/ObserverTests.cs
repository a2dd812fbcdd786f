using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Extending;

/// <summary>Who observes connections is told of each, and told the truth.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class ObserverTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Observer_is_told_of_coming_relaying_and_end_in_this_order()
    {
        await using var upstream = new EchoUpstream();
        var observer = new Recorder();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(
            upstream.Endpoint, static route => route.Name = "web", options => options.ConnectionObservers.Add(observer));

        EndPoint address;
        using (Peer client = await proxy.Connect())
        {
            address = client.Socket.LocalEndPoint!;
            await proxy.Log.Saw("Relaying");
            proxy.Clock!.Advance(TimeSpan.FromSeconds(3));
            await client.Echoes("hello");
            await proxy.HasRelayed(ConnectionSide.Upstream, 5);
            proxy.Clock.Advance(TimeSpan.FromSeconds(4));
            client.Fin();
            await client.ReceivesEof();
        }

        await observer.Ended;
        (string Call, ConnectionReport Report)[] calls = observer.Calls;
        Assert.That(calls.Select(static call => call.Call), Is.EqualTo(["accepted", "relaying", "ended"]));
        Assert.That(calls.Select(static call => (call.Report.Id, call.Report.Route, call.Report.Client)), Is.All.EqualTo((1L, "web", address)));
        ConnectionReport accepted = calls[0].Report;
        Assert.That((accepted.Upstream, accepted.Attempts, accepted.ConnectTime, accepted.Reason), Is.EqualTo(((string?)null, 0, (TimeSpan?)null, (EndReason?)null)));
        ConnectionReport relaying = calls[1].Report;
        Assert.That((relaying.Upstream, relaying.Attempts, relaying.ConnectTime), Is.EqualTo((upstream.Endpoint.ToString(), 1, (TimeSpan?)TimeSpan.Zero)));
        Assert.That(relaying.FirstByteTime, Is.Null);
        ConnectionReport ended = calls[2].Report;
        Assert.That((ended.BytesToUpstream, ended.BytesToClient, ended.Reason), Is.EqualTo((5L, 5L, (EndReason?)EndReason.ClientFin)));
        Assert.That((ended.FirstByteTime, ended.Duration), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7))));
    }

    [Test]
    public async Task Connection_that_finds_no_upstream_is_reported_with_the_last_one_tried()
    {
        using var first = new RefusedEndpoint();
        using var second = new RefusedEndpoint();
        var observer = new Recorder();
        await using RunningProxy proxy = await RunningProxy.To(
            first.Endpoint,
            route =>
            {
                route.Upstreams.Add(new() { Address = second.Endpoint.ToString()! });
                route.Balancing = BalancingNames.FirstAvailable;
                route.ConnectAttempts = 1;
            },
            options => options.ConnectionObservers.Add(observer));

        using Peer client = await proxy.Connect();
        await client.ReceivesReset();

        await observer.Ended;
        (string Call, ConnectionReport Report)[] calls = observer.Calls;
        Assert.That(calls.Select(static call => call.Call), Is.EqualTo(["accepted", "ended"]));
        ConnectionReport ended = calls[1].Report;
        Assert.That((ended.Attempts, ended.Upstream, ended.Reason), Is.EqualTo((2, second.Endpoint.ToString(), (EndReason?)EndReason.ConnectRefused)));
    }

    [TestCase("accepted")]
    [TestCase("relaying")]
    [TestCase("ended")]
    public async Task Observer_that_throws_ends_at_most_its_connection_and_the_others_are_told_of_the_end(string when)
    {
        await using var upstream = new EchoUpstream();
        var thrower = new Recorder { ThrowsWhen = when };
        var other = new Recorder();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint, options: options =>
        {
            options.ConnectionObservers.Add(thrower);
            options.ConnectionObservers.Add(other);
        });

        using (Peer victim = await proxy.Connect())
        {
            if (when == "ended")
            {
                await victim.Echoes("hello");
                victim.Fin();
                await victim.ReceivesEof();
            }
            else
            {
                await victim.ReceivesReset();
            }
        }

        Assert.That(await proxy.EndReason(), Is.EqualTo(when == "ended" ? EndReason.ClientFin : EndReason.Fault));
        await proxy.Log.Saw("ConnectionFault");
        await other.Ended;
        Assert.That(other.Calls[^1].Call, Is.EqualTo("ended"));
        thrower.ThrowsWhen = "";
        using Peer next = await proxy.Connect();
        await next.Echoes("served");
    }

    [Test]
    public async Task Observer_may_implement_one_method_only()
    {
        await using var upstream = new EchoUpstream();
        var observer = new EndObserver();
        await using RunningProxy proxy = await RunningProxy.To(
            upstream.Endpoint, options: options => options.ConnectionObservers.Add(observer));

        await proxy.Serves(1);

        Assert.That((await Bound.Within("the end", token => new ValueTask<ConnectionReport>(observer.Ended.WaitAsync(token)))).Id, Is.EqualTo(1));
    }

    [Test]
    public async Task Null_among_the_observers_is_a_mistake()
    {
        await using var upstream = new EchoUpstream();

        Assert.That(
            () => RunningProxy.To(upstream.Endpoint, options: static options => options.ConnectionObservers.Add(null!)),
            Throws.ArgumentException.With.Message.StartsWith("ConnectionObservers: "));
    }

    private sealed class EndObserver : IConnectionObserver
    {
        private readonly TaskCompletionSource<ConnectionReport> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<ConnectionReport> Ended => _ended.Task;

        public void OnEnded(ConnectionReport connection) => _ended.TrySetResult(connection);
    }

    private sealed class Recorder : IConnectionObserver
    {
        private readonly Lock _gate = new();
        private readonly List<(string Call, ConnectionReport Report)> _calls = [];

        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal string ThrowsWhen { get; set; } = "";

        /// <summary>Completes at the first end.</summary>
        internal Task Ended => Bound.Within("the report of the end", _ended.Task);

        internal (string Call, ConnectionReport Report)[] Calls
        {
            get
            {
                lock (_gate)
                {
                    return [.. _calls];
                }
            }
        }

        public void OnAccepted(ConnectionReport connection) => Note("accepted", connection);

        public void OnRelaying(ConnectionReport connection) => Note("relaying", connection);

        public void OnEnded(ConnectionReport connection) => Note("ended", connection);

        private void Note(string call, ConnectionReport report)
        {
            lock (_gate)
            {
                _calls.Add((call, report));
            }

            if (call == "ended")
            {
                _ended.TrySetResult();
            }

            if (call == ThrowsWhen)
            {
                throw new InvalidDataException("an observer that throws");
            }
        }
    }
}
