using System.Net;
using ProxyCore.Connections;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>A change that fails changes nothing, says why, and leaves nothing open.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class FailedChangeTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Options_with_mistakes_change_nothing_and_say_all()
    {
        await Start(To(First));
        TcpProxyOptions wrong = Options(Route("web", Here, To(Second)));
        wrong.Routes[0].Backlog = 0;
        wrong.Loops = Loops + 1;
        wrong.BufferSize = 4096;
        wrong.ParkIdleSockets = false;

        ArgumentException? exception = Assert.ThrowsAsync<ArgumentException>(() => Proxy.ApplyAsync(wrong));

        Assert.That(exception!.Message.Split(Environment.NewLine), Is.EqualTo(
        [
            "Routes:0:Backlog: must be 1 or more",
            "Loops: can't be changed while the proxy runs",
            "BufferSize: can't be changed while the proxy runs",
            "ParkIdleSockets: can't be changed while the proxy runs",
        ]));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Endpoint_that_can_not_be_bound_changes_nothing_and_leaves_nothing_open()
    {
        await using var occupier = new TestUpstream();
        await Start(To(First));
        RouteOptions route = Route("web", Here, To(Second));
        route.Listen.Add("127.0.0.1:0");
        route.Listen.Add(occupier.Endpoint.ToString()!);
        EndPoint[] before = [.. Proxy.Endpoints];
        int descriptors = Descriptors.Count();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => Proxy.ApplyAsync(Options(route)));

        Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on {occupier.Endpoint}: the address is already in use"));
        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        Assert.That(Proxy.Endpoints, Is.EqualTo(before));
        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.Zero);
    }

    [Test]
    public async Task Policy_that_can_not_be_made_changes_nothing()
    {
        await Start(To(First));
        TcpProxyOptions wrong = Options(Route("web", Here, To(Second)));
        wrong.BalancingPolicies.Add("Broken", static () => throw new InvalidDataException("no policy"));
        wrong.Routes[0].Balancing = "Broken";

        Assert.ThrowsAsync<InvalidDataException>(() => Proxy.ApplyAsync(wrong));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(First.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Proxy_that_does_not_run_takes_no_other_options()
    {
        Proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(First))));
        Assert.ThrowsAsync<InvalidOperationException>(() => Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(First)))));

        await Proxy.StartAsync();
        await Proxy.StopAsync();

        Assert.ThrowsAsync<InvalidOperationException>(() => Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(First)))));
    }

    [Test]
    public async Task Change_that_fails_on_a_loop_says_so_and_does_not_keep_others_waiting()
    {
        await Start(To(First));
        TcpProxyOptions changed = Options(Route("web", Here, To(Second)));
        Shard shard = Proxy.Shards[0];
        shard.Loop.Post(shard, () => shard.Listeners.All[0].Socket.Dispose());

        Assert.That(
            () => Bound.Within("the failure", Proxy.ApplyAsync(changed)), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            () => Bound.Within("the next failure", Proxy.ApplyAsync(changed)), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Change_that_meets_the_stop_leaves_nothing_open()
    {
        int descriptors = Descriptors.Count();
        for (int i = 0; i < 20; i++)
        {
            await using var proxy = new TcpProxy(Options(Route("web", "127.0.0.1:0", To(First))));
            await proxy.StartAsync();
            Task stop = Task.Run(() => proxy.StopAsync());
            try
            {
                await proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(First))));
            }
            catch (InvalidOperationException)
            {
                // It was stopped before.
            }

            await Bound.Within("the stop", stop);
        }

        Assert.That(Descriptors.Count(), Is.EqualTo(descriptors));
        await Start(To(First));
    }
}
