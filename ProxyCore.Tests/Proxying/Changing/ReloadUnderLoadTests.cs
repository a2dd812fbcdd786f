using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>Options change while many clients are served and others come: none is lost, none is refused.</summary>
[TestFixture(1)]
[TestFixture(2)]
public class ReloadUnderLoadTests(int loops)
{
    private const int Busy = 200;
    private const int Changes = 10;

    [Test]
    public async Task Ten_changes_under_two_hundred_busy_connections_lose_none_and_refuse_none()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        var log = new RecordedLog(LogLevel.Warning);
        await using var proxy = new TcpProxy(Options("127.0.0.1:0", "web", first), log);
        await proxy.StartAsync();
        EndPoint endpoint = proxy.Endpoints[0];
        using var done = new CancellationTokenSource();
        int comers = 0;
        int rounds = 0;

        Task busy = Task.WhenAll(Enumerable.Range(0, Busy).Select(_ => Task.Run(async () =>
        {
            using Peer client = await Peer.Connect(endpoint);
            while (!done.IsCancellationRequested)
            {
                await client.Echoes("busy");
                Interlocked.Increment(ref rounds);
            }
        })));
        Task coming = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                using Peer client = await Peer.Connect(endpoint);
                await client.Echoes("come and go");
                Interlocked.Increment(ref comers);
            }
        })));
        for (int change = 1; change <= Changes; change++)
        {
            // Another name, so another pool; another upstream; and a second endpoint that comes and goes.
            bool isOdd = change % 2 == 1;
            TcpProxyOptions options = Options(endpoint.ToString()!, isOdd ? "other" : "web", isOdd ? second : first);
            if (isOdd)
            {
                options.Routes[0].Listen.Add("127.0.0.1:0");
            }

            await proxy.ApplyAsync(options);
            int seenComers = Volatile.Read(ref comers);
            int seenRounds = Volatile.Read(ref rounds);
            await Bound.Within("clients served since the change", Task.Run(() => SpinWait.SpinUntil(
                () => busy.IsCompleted || coming.IsCompleted || (Volatile.Read(ref comers) >= seenComers + 20 && Volatile.Read(ref rounds) >= seenRounds + Busy))));
        }

        await done.CancelAsync();
        await Bound.Within("the clients", Task.WhenAll(busy, coming));
        await Bound.Within("the stop", proxy.StopAsync());
        Assert.That(log.Entries, Is.Empty, "warnings");
        Assert.That((first.Accepted, second.Accepted), Is.EqualTo((first.Accepted, proxy.GetStatistics().Accepted - first.Accepted)));
        Assert.That(second.Accepted, Is.GreaterThan(20));
        Assert.That(proxy.GetStatistics().Ended.Where(static end => end.Value > 0).Select(static end => end.Key), Is.EqualTo([EndReason.ClientFin]));
    }

    private TcpProxyOptions Options(string listen, string name, TestUpstream upstream) => new()
    {
        Loops = loops,
        Routes = { new() { Name = name, Listen = { listen }, Upstreams = { new() { Address = upstream.Endpoint.ToString()! } } } },
    };
}
