using Microsoft.Extensions.Time.Testing;
using ProxyCore.Cli.Admin;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

/// <summary>The figures of the last hour.</summary>
internal sealed class TrafficHistoryTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public async Task Point_is_noted_each_five_seconds_once_there_is_a_proxy()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        TcpProxy? started = null;
        using var history = new TrafficHistory(() => started, _clock);
        _clock.Advance(TrafficHistory.Step);
        started = proxy.Proxy;
        using Peer client = await proxy.Connect();
        await client.Echoes("hello");
        await proxy.HasRelayed(ConnectionSide.Upstream, 5);

        _clock.Advance(TrafficHistory.Step);
        HistoryView view = history.Read();

        Assert.That(view.StepSeconds, Is.EqualTo(5));
        Assert.That(view.Time.Count(), Is.EqualTo(1));
        Assert.That(
            (view.Accepted.Single(), view.Open.Single(), view.BytesToUpstreams.Single(), view.BytesToClients.Single()),
            Is.EqualTo((1, 1, 5, 5)));
        Assert.That((view.Queued.Single(), view.Refused.Single()), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task No_more_than_an_hour_is_kept()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using var history = new TrafficHistory(() => proxy.Proxy, _clock);

        for (int step = 0; step < 725; step++)
        {
            _clock.Advance(TrafficHistory.Step);
        }

        Assert.That(history.Read().Time.Count(), Is.EqualTo(720));
        history.Dispose();
        _clock.Advance(TrafficHistory.Step);
        Assert.That(history.Read().Time.Count(), Is.EqualTo(720));
    }
}
