using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>What toxics of the API do to real connections: that each is the library's, in the right units.</summary>
internal sealed class EffectTests : ToxicsFixture
{
    [Test]
    public async Task Refuse_acts_until_it_is_removed()
    {
        await Add("refuse", """{"end":"fin"}""");
        using (Peer client = await Peer.Connect(Listen))
        {
            await client.ReceivesEof();
        }

        await Server.Patch(Toxics + "/refuse_downstream", """{"attributes":{"end":"reset"}}""");
        using (Peer client = await Peer.Connect(Listen))
        {
            await client.ReceivesReset();
        }

        await Server.Delete(Toxics + "/refuse_downstream");
        using Peer last = await Peer.Connect(Listen);
        await last.Echoes("ping");
    }

    [Test]
    public async Task Connect_delay_is_in_milliseconds()
    {
        await Add("connect_delay", """{"delay":200}""");
        using Peer client = await Peer.Connect(Listen);

        Assert.That(await TimeOf(client), Is.InRange(0.19, 5));
    }

    [Test]
    public async Task A_toxicity_below_0_is_never_and_above_1_always()
    {
        await Server.Post(Toxics, """{"type":"refuse","toxicity":-3}""");
        using (Peer client = await Peer.Connect(Listen))
        {
            await client.Echoes("ping");
        }

        await Server.Patch(Toxics + "/refuse_downstream", """{"toxicity":7}""");
        using Peer refused = await Peer.Connect(Listen);
        await refused.ReceivesReset();
    }

    [Test]
    public async Task With_a_seed_runs_repeat_and_proxies_differ()
    {
        bool[] first = await Draws(seed: 5, "a");
        bool[] second = await Draws(seed: 5, "a");
        bool[] otherSeed = await Draws(seed: 6, "a");
        bool[] otherProxy = await Draws(seed: 5, "b");

        Assert.That(second, Is.EqualTo(first));
        Assert.That(otherSeed, Is.Not.EqualTo(first));
        Assert.That(otherProxy, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Latency_is_in_milliseconds()
    {
        using Peer client = await Peer.Connect(Listen);
        await client.Echoes("ping");
        await Add("latency", """{"latency":150}""");

        Assert.That(await TimeOf(client), Is.InRange(0.145, 5));
        await Server.Patch(Toxics + "/latency_downstream", """{"attributes":{"latency":0}}""");
        Assert.That(await TimeOf(client), Is.LessThan(0.145));
    }

    [Test]
    public async Task Bandwidth_is_in_kilobytes_of_1000_bytes_a_second()
    {
        await Add("bandwidth", """{"rate":10}""");
        using Peer client = await Peer.Connect(Listen);

        Assert.That(await TimeOf(client, bytes: 2500), Is.InRange(0.24, 5));
    }

    [Test]
    public async Task Slicers_delay_is_in_microseconds()
    {
        await Add("slicer", """{"average_size":10,"size_variation":10,"delay":20000}""");
        using Peer client = await Peer.Connect(Listen);

        Assert.That(await TimeOf(client, bytes: 100), Is.InRange(0.05, 5));
    }

    [Test]
    public async Task Reset_peer_resets_after_the_first_bytes()
    {
        await Add("reset_peer", """{"timeout":0}""");
        using Peer client = await Peer.Connect(Listen);
        await client.Send("ping");

        await client.ReceivesReset();
    }

    [Test]
    public async Task Limit_data_ends_after_that_many_bytes()
    {
        await Add("limit_data", """{"bytes":3}""");
        using Peer client = await Peer.Connect(Listen);
        await client.Send("ping");

        Assert.That(await client.ReceiveWhatComes(), Is.EqualTo("pin"u8.ToArray()));
    }

    [Test]
    public async Task Timeout_ends_what_carries_nothing_and_its_removal_the_rest()
    {
        await Add("timeout", """{"timeout":100}""");
        using (Peer client = await Peer.Connect(Listen))
        {
            await client.Send("ping");
            Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        }

        await Server.Patch(Toxics + "/timeout_downstream", """{"attributes":{"timeout":0}}""");
        using Peer held = await Peer.Connect(Listen);
        await held.Send("ping");
        await Upstream.HasEchoed(2 * "ping".Length);
        await Server.Delete(Toxics + "/timeout_downstream");
        Assert.That(await held.ReceiveWhatComes(), Is.Empty);
    }

    private async Task Add(string type, string attributes)
    {
        Answer added = await Server.Post(Toxics, $$"""{"type":"{{type}}","attributes":{{attributes}}}""");
        Assert.That(added.Status, Is.EqualTo(200), added.Body);
    }

    private static async Task<double> TimeOf(Peer client, int bytes = 4)
    {
        long begin = Stopwatch.GetTimestamp();
        await client.Echoes(new byte[bytes]);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Which of twenty clients a toxic of one half refuses.</summary>
    private async Task<bool[]> Draws(long seed, string name)
    {
        await using RunningToxiproxy toxiproxy = await RunningToxiproxy.Start(settings => settings with { Seed = seed });
        IPEndPoint listen = await toxiproxy.Create(name, Upstream.Endpoint);
        await toxiproxy.Post($"/proxies/{name}/toxics", """{"type":"refuse","toxicity":0.5,"attributes":{"end":"fin"}}""");
        var refused = new bool[20];
        for (int i = 0; i < refused.Length; i++)
        {
            using Peer client = await Peer.Connect(listen);
            refused[i] = !await Answers(client);
        }

        return refused;
    }

    private static async Task<bool> Answers(Peer client)
    {
        try
        {
            await client.Send("x");
            return await Bound.Within("an echo or the end", token => client.Socket.ReceiveAsync(new byte[1], token)) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
