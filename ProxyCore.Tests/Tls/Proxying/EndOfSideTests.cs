using System.Collections;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>What the other side sees when one side ends, with TLS on either side or on both, and each way round.</summary>
[TestFixtureSource(typeof(Combinations))]
internal sealed class EndOfSideTests(TlsEngineKind kind, WhereTls where, ConnectionSide side) : TlsProxyFixture(kind)
{
    private TestUpstream _upstream = null!;

    private bool SideSpeaksTls => where.HasFlag(side == ConnectionSide.Client ? WhereTls.Client : WhereTls.Upstream);

    private EndReason Fin => side == ConnectionSide.Client ? EndReason.ClientFin : EndReason.UpstreamFin;

    private EndReason Truncated => side == ConnectionSide.Client ? EndReason.ClientTruncated : EndReason.UpstreamTruncated;

    [SetUp]
    public void StartUpstream() => _upstream = new TestUpstream();

    [TearDown]
    public async Task StopUpstream() => await _upstream.DisposeAsync();

    [Test]
    public async Task Orderly_end_arrives_after_all_bytes_and_the_other_direction_goes_on()
    {
        await using TlsEnds ends = await Open();
        byte[] last = RandomBytes.Of(1_000_000);
        byte[] answer = RandomBytes.Of(1_000_000, seed: 2);

        Task<byte[]> received = ends.Other.ReceiveToOrderlyEnd();
        await ends.Side.Send(last);
        await ends.Side.EndOrderly();
        Assert.That((await received).AsSpan().SequenceEqual(last), "the bytes differ");

        Task<byte[]> answered = ends.Side.ReceiveToOrderlyEnd();
        await ends.Other.Send(answer);
        await ends.Other.EndOrderly();

        Assert.That((await answered).AsSpan().SequenceEqual(answer), "the bytes of the answer differ");
        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(Fin));
        await ends.Proxy.HoldsNothing();
    }

    [Test]
    public async Task Side_that_closes_its_socket_after_its_orderly_end_has_reset_nothing()
    {
        await using TlsEnds ends = await Open();
        await ends.Talk();

        await ends.Side.EndOrderly();
        ends.Side.Socket.Close();
        await ends.Other.ReceivesOrderlyEnd();
        await ends.Other.EndOrderly();

        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(Fin));
    }

    [Test]
    public async Task Bare_fin_is_an_orderly_end_for_the_other_side_and_has_a_reason_of_its_own()
    {
        await using TlsEnds ends = await Open();

        await ends.Side.Send("last");
        ends.Side.EndWithBareFin();

        Assert.That(await ends.Other.ReceiveToOrderlyEnd(), Is.EqualTo("last"u8.ToArray()));
        await TlsEnds.Arrives(ends.Other, ends.Side);
        await ends.Other.EndOrderly();
        await ends.Side.ReceivesOrderlyEnd();
        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(SideSpeaksTls ? Truncated : Fin));
        await ends.Proxy.HoldsNothing();
    }

    [Test]
    public async Task Side_that_only_answers_an_end_with_a_bare_fin_does_not_count_as_truncated()
    {
        await using TlsEnds ends = await Open();

        await ends.Other.EndOrderly();
        await ends.Side.ReceivesOrderlyEnd();
        await ends.Side.Send("rest");
        ends.Side.EndWithBareFin();

        Assert.That(await ends.Other.ReceiveToOrderlyEnd(), Is.EqualTo("rest"u8.ToArray()));
        EndReason finOfOther = side == ConnectionSide.Client ? EndReason.UpstreamFin : EndReason.ClientFin;
        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(finOfOther));
    }

    [Test]
    public async Task Bare_fin_is_a_reset_for_the_other_side_where_truncation_is_refused()
    {
        await using TlsEnds ends = await Open(TruncationAction.Reset);

        ends.Side.EndWithBareFin();

        if (SideSpeaksTls)
        {
            await ends.Other.ReceivesReset();
            Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(Truncated));
            await ends.Proxy.HoldsNothing();
            return;
        }

        await ends.Other.ReceivesOrderlyEnd();
        await ends.Other.EndOrderly();
        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(Fin));
    }

    [Test]
    public async Task Orderly_end_is_none_that_is_refused_as_truncation()
    {
        await using TlsEnds ends = await Open(TruncationAction.Reset);

        await ends.Side.EndOrderly();
        await ends.Other.ReceivesOrderlyEnd();
        await TlsEnds.Arrives(ends.Other, ends.Side);
        await ends.Other.EndOrderly();

        await ends.Side.ReceivesOrderlyEnd();
        Assert.That(await ends.Proxy.EndReason(), Is.EqualTo(Fin));
    }

    [Test]
    public async Task Reset_is_a_reset_for_the_other_side_without_a_word_in_TLS()
    {
        await using TlsEnds ends = await Open();

        ends.Side.Reset();

        await ends.Other.ReceivesReset();
        Assert.That(
            await ends.Proxy.EndReason(),
            Is.EqualTo(side == ConnectionSide.Client ? EndReason.ClientReset : EndReason.UpstreamReset));
        await ends.Proxy.HoldsNothing();
    }

    private async Task<TlsEnds> Open(TruncationAction onTruncation = TruncationAction.Tolerate)
    {
        RunningProxy proxy = await Start(_upstream.Endpoint, route =>
        {
            route.Listen.Add(where.HasFlag(WhereTls.Client) ? Listen(tls => tls.OnTruncation = onTruncation) : "127.0.0.1:0");
            route.Upstreams[0].Tls = where.HasFlag(WhereTls.Upstream) ? ToUpstream(tls => tls.OnTruncation = onTruncation) : null;
        });
        StreamPeer client = where.HasFlag(WhereTls.Client) ? await ConnectTls(proxy) : Own(StreamPeer.Plain(Own(await proxy.Connect())));
        Peer accepted = Own(await _upstream.Accept());
        StreamPeer server = where.HasFlag(WhereTls.Upstream) ? await Accept(accepted) : Own(StreamPeer.Plain(accepted));
        var ends = side == ConnectionSide.Client ? new TlsEnds(client, server, proxy) : new TlsEnds(server, client, proxy);
        await ends.Talk();
        return ends;
    }

    private sealed class Combinations : IEnumerable
    {
        public IEnumerator GetEnumerator() => (
            from kind in TlsEngines.All
            from tls in Enum.GetValues<WhereTls>()
            from side in Enum.GetValues<ConnectionSide>()
            select new TestFixtureData(kind, tls, side)).GetEnumerator();
    }
}
