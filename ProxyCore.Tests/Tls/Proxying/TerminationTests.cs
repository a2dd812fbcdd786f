using System.Security.Authentication;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>An endpoint ends its clients' TLS, and relays to an upstream that speaks plain text.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class TerminationTests(TlsEngineKind kind) : TlsProxyFixture(kind)
{
    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task Ten_megabytes_both_ways_at_once_arrive_as_they_were_sent(SslProtocols version)
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Listen()));
        StreamPeer client = await ConnectTls(proxy, change: options => options.EnabledSslProtocols = version);
        StreamPeer server = Own(StreamPeer.Plain(await upstream.Accept()));
        byte[] up = RandomBytes.Of(10 * 1024 * 1024);
        byte[] down = RandomBytes.Of(10 * 1024 * 1024, seed: 2);

        await Task.WhenAll(Carries(client, server, up), Carries(server, client, down));

        // Not beside a read of the same SslStream: .NET 10 locks its session for reads and writes, and not for ShutdownAsync.
        await client.EndOrderly();
        await server.ReceivesOrderlyEnd();
        await server.EndOrderly();
        await client.ReceivesOrderlyEnd();
        Assert.That(client.Tls.SslProtocol, Is.EqualTo(version));
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientFin));
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Server_that_speaks_first_is_heard()
    {
        await using var upstream = new TestUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Listen()));
        StreamPeer client = await ConnectTls(proxy);
        using Peer server = await upstream.Accept();

        await server.Send("220 ready");

        Assert.That(await client.ReceiveText(9), Is.EqualTo("220 ready"));
    }

    [Test]
    public async Task Client_that_does_not_speak_TLS_is_closed_and_reaches_no_upstream()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Listen()));
        using Peer client = await proxy.Connect();

        await client.Send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");

        await client.ReceivesEof();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_that_says_nothing_is_closed_in_time_and_reaches_no_upstream()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await StartOnFakeClock(upstream.Endpoint, route => route.Listen.Add(Listen()));
        using Peer client = await proxy.Connect();
        await proxy.Log.Saw("Accepted");
        await proxy.OnLoop(static _ => true);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(10));

        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_that_stops_in_the_handshake_is_cut_after_HandshakeTimeout()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await StartOnFakeClock(
            upstream.Endpoint, route => route.Listen.Add(Listen(static tls => tls.HandshakeTimeout = TimeSpan.FromSeconds(3))));
        using Peer client = await proxy.Connect();
        await client.Send(Identity.Hello.Of(Name));
        await client.Receive(5);

        proxy.Clock!.Advance(TimeSpan.FromSeconds(3));

        await client.ReceiveToReset();
        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsTimeout));
        Assert.That(upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_that_resets_in_the_handshake_leaves_nothing_behind()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(upstream.Endpoint, route => route.Listen.Add(Listen()));
        using Peer client = await proxy.Connect();
        await client.Send(Identity.Hello.Of(Name));
        await client.Receive(5);

        client.Reset();

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientReset));
        Assert.That(upstream.Accepted, Is.Zero);
        await proxy.HoldsNothing();
    }

    [Test]
    public async Task Client_that_offers_versions_below_the_minimum_is_refused()
    {
        await using var upstream = new EchoUpstream();
        await using RunningProxy proxy = await Start(
            upstream.Endpoint, route => route.Listen.Add(Listen(static tls => tls.MinimumVersion = TlsVersion.Tls13)));

        Assert.That(
            () => ConnectTls(proxy, change: static options => options.EnabledSslProtocols = SslProtocols.Tls12),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());

        Assert.That(await proxy.EndReason(), Is.EqualTo(EndReason.ClientTlsFailed));
        Assert.That(upstream.Accepted, Is.Zero);
    }

    private static async Task Carries(StreamPeer from, StreamPeer to, byte[] bytes)
    {
        byte[] received = new byte[bytes.Length];
        await Task.WhenAll(from.Send(bytes), to.Fill(received));
        Assert.That(received.AsSpan().SequenceEqual(bytes), "the bytes differ");
    }
}
