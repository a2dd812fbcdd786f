using ProxyCore.Connections.Listening;
using ProxyCore.Loop;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying.Loops;

/// <summary>The maximum of connections is the whole proxy's.</summary>
[TestFixture(2, ClientSpread.OwnListeners)]
[TestFixture(4, ClientSpread.OwnListeners)]
[TestFixture(3, ClientSpread.HandOver)]
internal sealed class MaximumTests(int loops, ClientSpread spread) : LoopsFixture(loops, spread)
{
    [Test]
    public async Task As_many_as_allowed_are_served_and_for_each_that_ends_one_more()
    {
        const int Maximum = 7;
        const int Clients = 40;
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(options: static o => o.MaxConnections = Maximum, to: upstream);
        Peer[] clients = await Connect(proxy, Clients);
        var served = new Queue<Peer>();

        for (int arrived = 1; arrived <= Clients; arrived++)
        {
            if (arrived > Maximum)
            {
                // Everybody who may be served is; each loop has had a turn since, and has let nobody more in.
                await proxy.OnEachLoop(static _ => true);
                await proxy.OnEachLoop(static _ => true);
                Assert.That(proxy.Proxy.GetStatistics().Accepted, Is.EqualTo(arrived - 1));
                served.Dequeue().Reset();
            }

            served.Enqueue(await upstream.Accept());
        }

        Assert.That(proxy.Proxy.GetStatistics().Accepted, Is.EqualTo(Clients));
        Assert.That(proxy.Log.CountOf("AtMaximum"), Is.EqualTo(1));
        Array.ForEach(clients, static client => client.Dispose());
        Array.ForEach([.. served], static peer => peer.Dispose());
        await proxy.Ended(Clients);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_storm_over_the_maximum_is_served_to_the_last()
    {
        await using RunningProxy proxy = await Start(options: static o => o.MaxConnections = 5);

        Peer[] clients = await Connect(proxy, 300);
        await Task.WhenAll(clients.Select(static async client =>
        {
            await client.Echoes("hello");
            client.Dispose();
        }));

        await proxy.Ended(300);
        await proxy.HoldsNothing();
        Assert.That(proxy.Log.CountOf("AtMaximum"), Is.InRange(1, 5));
    }

    [Test]
    public async Task A_place_that_nobody_waits_for_any_more_is_free_again()
    {
        await using RunningProxy proxy = await Start(options: static o => o.MaxConnections = 1);

        // Every loop asks for a place; the first gets it, and gives it back when no client is waiting anywhere.
        bool[] entered = await proxy.OnEachLoop(static shard => shard.Listeners.TakeSlotOrWait());
        Assert.That(entered.Count(static isIn => isIn), Is.EqualTo(1));
        await proxy.OnLoop(static shard =>
        {
            shard.Listeners.ReleaseSlot();
            return true;
        });

        for (int client = 0; client < 4 * Loops; client++)
        {
            await EndOrderly(await ConnectServed(proxy, 1));
        }
    }

    [Test]
    public async Task An_accept_that_fails_costs_no_place()
    {
        await using RunningProxy proxy = await Start(options: static o => o.MaxConnections = 1);

        // Woken though nobody waits, as by a client that has gone: WouldBlock.
        await proxy.OnEachLoop(static shard =>
        {
            shard.Listeners.All.ToList().ForEach(static listener => listener.OnReady(Interest.Read));
            return true;
        });

        await EndOrderly(await ConnectServed(proxy, 1));
    }

    [Test]
    public async Task Full_loops_wait_without_turning()
    {
        await using RunningProxy proxy = await Start(options: static o => o.MaxConnections = 1);
        using Peer served = await proxy.Connect();
        await served.Echoes("hello");
        await Connect(proxy, 50);
        await proxy.Log.Saw("AtMaximum");
        await proxy.OnEachLoop(static shard => shard.Loop.Turns);
        long[] before = await proxy.OnEachLoop(static shard => shard.Loop.Turns);

        const int Echoes = 200;
        for (int echo = 0; echo < Echoes; echo++)
        {
            await served.Echoes("hello");
        }

        long[] after = await proxy.OnEachLoop(static shard => shard.Loop.Turns);
        Assert.That(after.Sum() - before.Sum(), Is.LessThan((3 * Echoes) + (10 * Loops)));
    }
}
