using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Identity;
using ProxyCore.Tests.Upstreams;
using ProxyCore.Upstreams;
using static ProxyCore.Tests.Preread.ProxyProtocol.HeaderBytes;

namespace ProxyCore.Tests.Pools;

/// <summary>The client hash by other things than the address.</summary>
internal sealed class HashByTests
{
    private static readonly Upstream[] _upstreams = [.. Enumerable.Range(1, 10).Select(static i => new Upstream($"10.0.0.{i}:80"))];

    [Test]
    public void All_clients_of_one_server_name_come_to_the_same_upstream()
    {
        var policy = new ClientHash(ClientHashKey.ServerName);

        IEnumerable<Upstream> chosen = Enumerable.Range(1, 200).Select(i => policy.Choose(_upstreams, Client(i, "a.example")));

        Assert.That(chosen.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void All_clients_with_the_same_TLV_come_to_the_same_upstream_and_those_without_go_by_their_address()
    {
        var byTlv = new ClientHash(ClientHashKey.ProxyTlv, 0xE0);
        var byAddress = new ClientHash();
        ClientInfo[] tenants = [.. Enumerable.Range(1, 200).Select(static i => WithTlvs(i, 0xEA, (byte)i, 0xE0, 42))];
        ClientInfo[] others = [.. Enumerable.Range(1, 200).Select(static i => WithTlvs(i, 0xE1, 42, 0xEA, 1))];

        Assert.That(tenants.Select(client => byTlv.Choose(_upstreams, client)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(others.Select(client => byTlv.Choose(_upstreams, client)), Is.EqualTo(others.Select(client => byAddress.Choose(_upstreams, client))));
    }

    [Test]
    public void Values_of_a_TLV_are_spread_evenly()
    {
        var policy = new ClientHash(ClientHashKey.ProxyTlv, 0xE0);

        ILookup<Upstream, int> chosen = Enumerable.Range(0, 256).ToLookup(i => policy.Choose(_upstreams[..2], WithTlvs(1, 0xE0, (byte)i, 0xEA, 1)));

        Assert.That(_upstreams[..2].Select(one => chosen[one].Count()), Has.All.InRange(90, 166));
    }

    [Test]
    public async Task TLV_of_a_PROXY_header_decides_where_its_client_goes()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            (route.Balancing, route.HashBy, route.HashTlv) = (BalancingNames.ClientHash, ClientHashKey.ProxyTlv, 0xE0);
            route.Listen.Add(new ListenOptions("127.0.0.1:0") { ProxyProtocol = new ProxyProtocolOptions { From = { "127.0.0.1" } } });
        });

        // Each tenant from three addresses.
        string?[] chosen = new string?[24];
        for (int i = 0; i < chosen.Length; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Socket.SendAsync(Version2(0x21, 0x11, [192, 0, 2, (byte)i, 198, 51, 100, 1, 1, 2, 3, 4, 0xE0, 0, 1, (byte)(i % 8)]));
            await client.Echoes("hello");
            ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();
            chosen[i] = snapshot.Connections.MaxBy(static one => one.Report.Id)!.Report.Upstream;
        }

        Assert.That(chosen.Distinct().Count(), Is.EqualTo(2));
        Assert.That(chosen.Index().GroupBy(static one => one.Index % 8).Select(static one => one.Select(static each => each.Item).Distinct().Count()), Has.All.EqualTo(1));
    }

    [Test]
    public void Server_names_are_spread_evenly()
    {
        var policy = new ClientHash(ClientHashKey.ServerName);

        ILookup<Upstream, int> chosen = Enumerable.Range(1, 5000).ToLookup(i => policy.Choose(_upstreams, Client(1, $"host{i}.example")));

        Assert.That(_upstreams.Select(one => chosen[one].Count()), Has.All.InRange(400, 600));
    }

    [Test]
    public void Clients_without_a_server_name_go_by_their_address()
    {
        var byName = new ClientHash(ClientHashKey.ServerName);
        var byAddress = new ClientHash();
        ClientInfo[] clients = [.. Enumerable.Range(1, 200).Select(static i => Client(i, name: null))];

        Assert.That(
            clients.Select(client => byName.Choose(_upstreams, client)), Is.EqualTo(clients.Select(client => byAddress.Choose(_upstreams, client))));
    }

    [Test]
    public async Task Proxy_that_does_not_end_TLS_reads_the_hello_for_it_once_a_reload_asks_for_that()
    {
        await using var first = new EchoUpstream();
        await using var second = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(first.Endpoint, route =>
        {
            route.Add(second.Endpoint);
            route.Balancing = BalancingNames.ClientHash;
        });
        string[] names = [.. Enumerable.Range(1, 24).Select(static i => $"host{i}.example")];
        Assert.That((await ChoicesOf(proxy, names)).Distinct().Count(), Is.EqualTo(1), "all clients have the same address");

        TcpProxyOptions options = proxy.Proxy.GetOptions();
        options.Routes[0].HashBy = ClientHashKey.ServerName;
        await proxy.Proxy.ApplyAsync(options);
        string[] chosen = await ChoicesOf(proxy, names);

        Assert.That(chosen.Distinct().Count(), Is.EqualTo(2));
        Assert.That(await ChoicesOf(proxy, names), Is.EqualTo(chosen));
    }

    [Test]
    public async Task Client_that_speaks_no_TLS_is_served()
    {
        await using var echo = new EchoUpstream();
        await using RunningProxy proxy = await RunningProxy.To(
            echo.Endpoint, static route => (route.Balancing, route.HashBy) = (BalancingNames.ClientHash, ClientHashKey.ServerName));
        using Peer client = await proxy.Connect();

        await client.Echoes("GET / HTTP/1.1\r\n\r\n");
    }

    /// <summary>The upstream that a client with each name gets.</summary>
    private static async Task<string[]> ChoicesOf(RunningProxy proxy, string[] names)
    {
        string[] chosen = new string[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            using Peer client = await proxy.Connect();
            await client.Echoes(Hello.Of(names[i]));
            ProxySnapshot snapshot = await proxy.Proxy.GetSnapshotAsync();
            chosen[i] = snapshot.Connections.MaxBy(static one => one.Report.Id)!.Report.Upstream!;
        }

        return chosen;
    }

    /// <summary>A client whose header has two TLVs of one byte each.</summary>
    private static ClientInfo WithTlvs(int host, byte type1, byte value1, byte type2, byte value2) =>
        new("web", Client(host, name: null).Address) { ProxyTlvs = new byte[] { type1, 0, 1, value1, type2, 0, 1, value2 } };

    private static ClientInfo Client(int host, string? name) =>
        new("web", new IPEndPoint(IPAddress.Parse($"192.0.2.{host}"), 40000)) { ServerName = name };
}
