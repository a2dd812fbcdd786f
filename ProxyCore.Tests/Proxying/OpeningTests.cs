using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>A client that leaves before its upstream is connected frees what it holds, and a server that answers early is heard.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class OpeningTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task A_client_that_resets_while_names_are_resolved_ends_at_once()
    {
        var answer = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(9, (_, _) => answer.Task);
        using Peer client = await proxy.Connect();
        await client.Send("bytes that nobody reads");
        await proxy.Log.Saw("Resolving");

        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        Assert.That((await proxy.Log.Saw("Ended")).Text, Does.Contain("ClientReset while resolving"));
    }

    [Test]
    public async Task A_client_that_resets_in_the_pause_between_two_rounds_ends_at_once()
    {
        using var refused = new RefusedEndpoint();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(refused.Endpoint);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("AllTried");

        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_client_that_resets_while_its_upstream_does_not_answer_ends_soon()
    {
        using var hole = new BlackHole();
        await using RunningProxy proxy = await RunningProxy.OnFakeClock(hole.Endpoint);
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Connecting");
        proxy.Clock!.Advance(TimeSpan.FromMilliseconds(50));

        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task A_client_of_a_Unix_socket_that_sends_and_closes_while_it_waits_still_has_its_bytes_delivered()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using var upstream = new TestUpstream();
        var answer = new TaskCompletionSource<IPAddress[]>();
        await using RunningProxy proxy = await RunningProxy.ToName(
            ((IPEndPoint)upstream.Endpoint).Port, (_, _) => answer.Task, route: route => route.Listen.Add($"unix:{path}"));
        using (Peer client = await proxy.Connect())
        {
            await proxy.Log.Saw("Resolving");
            await client.Send("and away");
        }

        answer.SetResult([IPAddress.Loopback]);

        using Peer server = await upstream.Accept();
        Assert.That(await server.ReceiveToEnd(), Is.EqualTo("and away"u8.ToArray()));
    }

    /// <remarks>The loop is held up, so that banner and reset are there when it looks at the connect.</remarks>
    [TestCase(false)]
    [TestCase(true)]
    public async Task What_an_upstream_sends_before_it_resets_is_handed_on_though_the_loop_had_not_seen_the_connect(bool afterFin)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await RunningProxy.To(upstream.Endpoint);
        using var hold = new ManualResetEventSlim();
        proxy.Log.Logged = name =>
        {
            if (name == "Connecting")
            {
                proxy.Proxy.Shards[0].Loop.Post(proxy.Proxy.Shards[0], () => hold.Wait(Bound.Wait));
            }
        };
        using Peer client = await proxy.Connect();

        using (Peer server = await upstream.Accept())
        {
            await server.Send("banner");
            if (afterFin)
            {
                server.Fin();
            }

            server.Reset();
        }

        hold.Set();

        Assert.That(await client.ReceiveToReset(), Is.EqualTo("banner"u8.ToArray()));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.UpstreamReset));
        Assert.That(upstream.Accepted, Is.EqualTo(1));
    }
}
