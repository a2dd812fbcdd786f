using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>Making, changing and removing proxies.</summary>
internal sealed class ProxyTests : ToxiproxyFixture
{
    [Test]
    public async Task Without_proxies_the_list_is_an_empty_object() =>
        Assert.That(await Server.Get("/proxies"), Is.EqualTo(Answer.Ok("{}")));

    [Test]
    public async Task A_new_proxy_relays_and_its_answer_has_the_real_address()
    {
        Answer made = await Server.Post("/proxies", $$"""{"name":"a","listen":"localhost:0","upstream":"{{Upstream.Endpoint}}"}""");

        IPEndPoint listen = RunningToxiproxy.ListenOf(made);
        Assert.That(listen.Address, Is.EqualTo(IPAddress.Loopback));
        Assert.That(made, Is.EqualTo(Answer.Ok(Proxy("a", listen), 201)));
        Assert.That(await Server.Get("/proxies/a"), Is.EqualTo(Answer.Ok(Proxy("a", listen))));
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");
    }

    [Test]
    public async Task Without_an_address_it_listens_on_all_at_a_port_of_the_systems_choice()
    {
        Answer made = await Server.Post("/proxies", $$"""{"name":"a","upstream":"{{Upstream.Endpoint}}"}""");

        IPEndPoint listen = RunningToxiproxy.ListenOf(made);
        Assert.That(listen.Address, Is.EqualTo(IPAddress.IPv6Any));
        foreach (IPAddress address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            using Peer client = await Peer.Connect(new IPEndPoint(address, listen.Port));
            await client.Echoes("ping");
        }
    }

    [TestCase("0.0.0.0:0")]
    [TestCase("[::]:0")]
    [TestCase(":0")]
    [TestCase("")]
    public async Task Every_way_to_write_all_addresses_is_both_families(string listen)
    {
        Answer made = await Server.Post("/proxies", $$"""{"name":"a","listen":"{{listen}}","upstream":"{{Upstream.Endpoint}}"}""");

        Assert.That(RunningToxiproxy.ListenOf(made).Address, Is.EqualTo(IPAddress.IPv6Any));
    }

    [Test]
    public async Task A_disabled_one_echoes_its_address_and_does_not_listen()
    {
        Answer made = await Server.Post("/proxies", """{"name":"a","listen":"localhost:0","upstream":"localhost:1","enabled":false}""");

        Assert.That(made, Is.EqualTo(Answer.Ok(
            """{"name":"a","listen":"localhost:0","upstream":"localhost:1","enabled":false,"Logger":{},"toxics":[]}""", 201)));
    }

    [TestCase("{}", "missing required field: name")]
    [TestCase("""{"upstream":"a:1"}""", "missing required field: name")]
    [TestCase("""{"name":"a"}""", "missing required field: upstream")]
    [TestCase("""{"name":null,"upstream":null}""", "missing required field: name")]
    [TestCase("""{"name":"a","upstream":"b"}""", "invalid upstream: address b: missing port in address")]
    [TestCase("""{"name":"a","upstream":"b:0"}""", "invalid upstream: 'b:0' has port 0: an upstream needs a port from 1 to 65535")]
    public async Task A_mistake_is_400_and_makes_nothing(string body, string error)
    {
        Assert.That(await Server.Post("/proxies", body), Is.EqualTo(Answer.Error(400, error)));
        Assert.That(await Server.Get("/proxies"), Is.EqualTo(Answer.Ok("{}")));
    }

    [TestCase("nowhere", "listen tcp: address nowhere: missing port in address")]
    [TestCase("localhost:http2", "listen tcp: lookup tcp/http2: unknown port")]
    [TestCase("localhost:99999", "listen tcp: address 99999: invalid port")]
    [TestCase("::1:80", "listen tcp: address ::1:80: too many colons in address")]
    [TestCase("192.0.2.1:1", "listen tcp 192.0.2.1:1: bind: cannot assign requested address")]
    public async Task An_address_that_cannot_be_bound_is_500_in_the_words_of_go(string listen, string error)
    {
        Assert.That(
            await Server.Post("/proxies", $$"""{"name":"a","listen":"{{listen}}","upstream":"localhost:1"}"""),
            Is.EqualTo(Answer.Error(500, error)));
        Assert.That(await Server.Get("/proxies"), Is.EqualTo(Answer.Ok("{}")));
    }

    [Test]
    public async Task A_port_in_use_is_500_and_makes_nothing()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();

        Assert.That(
            await Server.Post("/proxies", $$"""{"name":"a","listen":"{{holder.LocalEndpoint}}","upstream":"localhost:1"}"""),
            Is.EqualTo(Answer.Error(500, $"listen tcp {holder.LocalEndpoint}: bind: address already in use")));
        Assert.That(await Server.Get("/proxies/a"), Is.EqualTo(Answer.Error(404, "proxy not found")));
    }

    [Test]
    public async Task A_name_can_be_had_once()
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);

        Assert.That(
            await Server.Post("/proxies", """{"name":"a","upstream":"localhost:1"}"""),
            Is.EqualTo(Answer.Error(409, "proxy already exists")));
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");
    }

    [Test]
    public async Task The_list_is_in_the_order_of_names()
    {
        IPEndPoint b = await Server.Create("b", Upstream.Endpoint);
        IPEndPoint a = await Server.Create("a", Upstream.Endpoint);

        Assert.That(await Server.Get("/proxies"), Is.EqualTo(Answer.Ok($$"""{"a":{{Proxy("a", a)}},"b":{{Proxy("b", b)}}}""")));
    }

    [TestCase("POST")]
    [TestCase("PATCH")]
    public async Task Disabled_it_ends_its_connections_and_enabled_it_listens_there_again(string method)
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");

        Answer disabled = await Server.Send(method, "/proxies/a", """{"enabled":false}""");

        Assert.That(disabled, Is.EqualTo(Answer.Ok(Proxy("a", listen, isEnabled: false))));
        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        Assert.That(async () => await Peer.Connect(listen), Throws.InstanceOf<SocketException>());
        Assert.That(await Server.Send(method, "/proxies/a", """{"enabled":true}"""), Is.EqualTo(Answer.Ok(Proxy("a", listen))));
        using Peer next = await Peer.Connect(listen);
        await next.Echoes("ping");
    }

    [TestCase("{}")]
    [TestCase("""{"enabled":true}""")]
    [TestCase("""{"name":"other","enabled":null,"listen":null}""")]
    public async Task A_change_of_nothing_ends_no_connection(string body)
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");

        Assert.That(await Server.Patch("/proxies/a", body), Is.EqualTo(Answer.Ok(Proxy("a", listen))));
        await client.Echoes("still there");
    }

    [Test]
    public async Task Another_upstream_ends_connections_and_keeps_the_port_and_the_toxics()
    {
        await using var other = new EchoUpstream();
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        Answer toxic = await Server.Post("/proxies/a/toxics", """{"type":"latency","toxicity":0}""");
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");

        Answer changed = await Server.Patch("/proxies/a", $$"""{"upstream":"{{other.Endpoint}}"}""");

        Assert.That(changed.Body, Is.EqualTo(
            $$"""{"name":"a","listen":"{{listen}}","upstream":"{{other.Endpoint}}","enabled":true,"Logger":{},"toxics":[{{toxic.Body}}]}"""));
        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
        using Peer next = await Peer.Connect(listen);
        await next.Echoes("ping");
        Assert.That(other.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task A_bad_address_changes_nothing_and_one_that_cannot_be_bound_leaves_it_disabled_there()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);

        Assert.That(
            await Server.Patch("/proxies/a", """{"listen":"nowhere"}"""),
            Is.EqualTo(Answer.Error(500, "address nowhere: missing port in address")));
        Assert.That(await Server.Get("/proxies/a"), Is.EqualTo(Answer.Ok(Proxy("a", listen))));
        Assert.That(
            await Server.Patch("/proxies/a", $$"""{"listen":"{{holder.LocalEndpoint}}"}"""),
            Is.EqualTo(Answer.Error(500, $"listen tcp {holder.LocalEndpoint}: bind: address already in use")));
        Assert.That(
            await Server.Get("/proxies/a"), Is.EqualTo(Answer.Ok(Proxy("a", (IPEndPoint)holder.LocalEndpoint, isEnabled: false))));
    }

    [Test]
    public async Task Port_0_always_is_another_port()
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");

        Answer changed = await Server.Patch("/proxies/a", """{"listen":"127.0.0.1:0"}""");

        Assert.That(changed.Status, Is.EqualTo(200));
        Assert.That(await client.ReceiveWhatComes(), Is.Empty);
    }

    [Test]
    public async Task A_removed_one_listens_no_more_and_is_forgotten()
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);

        Assert.That(await Server.Delete("/proxies/a"), Is.EqualTo(Answer.Empty(204)));
        Assert.That(async () => await Peer.Connect(listen), Throws.InstanceOf<SocketException>());
        foreach ((string method, string body) in ((string, string)[])[("GET", ""), ("DELETE", ""), ("PATCH", "{}"), ("POST", "{")])
        {
            Assert.That(await Server.Send(method, "/proxies/a", body), Is.EqualTo(Answer.Error(404, "proxy not found")), method);
        }
    }

    [Test]
    public async Task Reset_starts_all_and_removes_all_toxics()
    {
        IPEndPoint a = await Server.Create("a", Upstream.Endpoint);
        IPEndPoint b = await Server.Create("b", Upstream.Endpoint);
        await Server.Post("/proxies/a/toxics", """{"type":"refuse"}""");
        await Server.Patch("/proxies/b", """{"enabled":false}""");

        Assert.That(await Server.Send("POST", "/reset"), Is.EqualTo(Answer.Empty(204)));

        Assert.That(
            await Server.Get("/proxies?extensions=1"),
            Is.EqualTo(Answer.Ok($$"""{"a":{{Proxy("a", a)}},"b":{{Proxy("b", b)}}}""")));
        foreach (IPEndPoint listen in (IPEndPoint[])[a, b])
        {
            using Peer client = await Peer.Connect(listen);
            await client.Echoes("ping");
        }
    }

    [Test]
    public async Task Changes_that_come_at_once_leave_one_state_and_no_error()
    {
        IPEndPoint listen = await Server.Create("a", Upstream.Endpoint);

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(
            i => Server.Patch("/proxies/a", i % 2 == 0 ? """{"enabled":false}""" : """{"enabled":true}""")));
        Answer last = await Server.Patch("/proxies/a", """{"enabled":true}""");

        Assert.That(answers.Select(static answer => answer.Status), Is.All.EqualTo(200));
        Assert.That(last, Is.EqualTo(Answer.Ok(Proxy("a", listen))));
        using Peer client = await Peer.Connect(listen);
        await client.Echoes("ping");
    }

    private string Proxy(string name, IPEndPoint listen, bool isEnabled = true) =>
        $$"""{"name":"{{name}}","listen":"{{listen}}","upstream":"{{Upstream.Endpoint}}","enabled":{{(isEnabled ? "true" : "false")}},"Logger":{},"toxics":[]}""";
}
