using System.Net;
using System.Threading.Channels;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Extending;

/// <summary>Observers of upstreams get each change of their health, and can harm nothing.</summary>
internal sealed class UpstreamObserverTests
{
    [Test]
    public async Task Each_change_is_reported_with_its_cause()
    {
        using var refused = new RefusedEndpoint();
        EndPoint address = refused.Endpoint;
        var observer = new Recorder();
        await using RunningProxy proxy = await Checked(address, observer);
        UpstreamReport down = await observer.Next();
        await using EchoUpstream upstream = refused.ComeBack();
        Task<UpstreamReport> next = observer.Next();
        while (!next.IsCompleted)
        {
            // The next check is due five seconds after the end of the one before, which the loop may not have seen yet.
            proxy.Clock!.Advance(TimeSpan.FromSeconds(5));
            await proxy.OnLoop(static _ => true);
        }

        UpstreamReport up = await next;

        Assert.That((down.Route, down.Address, down.State, down.Cause), Is.EqualTo(("web", address.ToString(), UpstreamState.Down, "connection refused")));
        Assert.That((up.Route, up.Address, up.State, up.Cause), Is.EqualTo(("web", address.ToString(), UpstreamState.Up, (string?)null)));
    }

    [Test]
    public async Task Observer_that_throws_is_logged_and_the_others_are_called()
    {
        using var refused = new RefusedEndpoint();
        var observer = new Recorder();
        await using RunningProxy proxy = await Checked(refused.Endpoint, new Thrower(), observer);

        LogEntry error = await proxy.Log.Saw("UpstreamObserverFailed");
        UpstreamReport down = await observer.Next();

        Assert.That(error.Text, Does.StartWith($"Route web: an upstream observer failed on {refused.Endpoint}"));
        Assert.That(down.State, Is.EqualTo(UpstreamState.Down));
        Assert.That(await proxy.OnLoop(static _ => true), Is.True, "the loop goes on");
    }

    [Test]
    public void Null_among_the_observers_is_a_mistake() => Assert.That(
        static () => RunningProxy.To(new IPEndPoint(IPAddress.Loopback, 1), options: static options => options.UpstreamObservers.Add(null!)),
        Throws.ArgumentException.With.Message.StartsWith("UpstreamObservers: "));

    private static Task<RunningProxy> Checked(EndPoint upstream, params IUpstreamObserver[] observers) => RunningProxy.OnFakeClock(
        upstream,
        static route =>
        {
            route.Name = "web";
            route.HealthCheck = new HealthCheckOptions { Fall = 1, Rise = 1 };
        },
        options => Array.ForEach(observers, options.UpstreamObservers.Add));

    private sealed class Recorder : IUpstreamObserver
    {
        private readonly Channel<UpstreamReport> _reports = Channel.CreateUnbounded<UpstreamReport>();

        public void OnStateChanged(UpstreamReport upstream) => _reports.Writer.TryWrite(upstream);

        internal Task<UpstreamReport> Next() => Bound.Within("the report of a change", token => _reports.Reader.ReadAsync(token));
    }

    private sealed class Thrower : IUpstreamObserver
    {
        public void OnStateChanged(UpstreamReport upstream) => throw new InvalidDataException("an observer that throws");
    }
}
