using System.Net;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Identity;

/// <summary>An endpoint that is a part of another shares its listener: its routes are for clients of its own addresses only.</summary>
internal sealed class OverlapTests
{
    private TestUpstream _a = null!;
    private TestUpstream _b = null!;

    [SetUp]
    public void SetUp() => (_a, _b) = (new TestUpstream(), new TestUpstream());

    [TearDown]
    public async Task TearDown()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Test]
    public async Task Routes_of_the_whole_serve_everywhere_and_those_of_a_part_only_there()
    {
        await using RunningProxy proxy = await RunningProxy.To(_a.Endpoint);
        int port = ((IPEndPoint)proxy.Endpoint).Port;
        await proxy.Proxy.ApplyAsync(new TcpProxyOptions
        {
            ParkIdleSockets = ParkingFixture.Policy is not null,
            Routes =
            {
                Route("a", $"127.0.0.1:{port}", _a, "a.example"),
                Route("b", $"0.0.0.0:{port}", _b, "b.example"),
            },
        });

        await Reaches(_a, "127.0.0.1", port, "a.example");
        await Reaches(_b, "127.0.0.1", port, "b.example");
        await Reaches(_b, "127.0.0.2", port, "b.example");

        using Peer elsewhere = await Peer.Connect(IPEndPoint.Parse($"127.0.0.2:{port}"));
        await elsewhere.Send(Hello.Of("a.example"));
        Assert.That(await elsewhere.ReceiveToEnd(), Has.Length.EqualTo(7), "an alert");
    }

    private static async Task Reaches(TestUpstream upstream, string address, int port, string name)
    {
        byte[] hello = Hello.Of(name);
        using Peer client = await Peer.Connect(IPEndPoint.Parse($"{address}:{port}"));
        await client.Send(hello);
        using Peer server = await upstream.Accept();
        Assert.That(await server.Receive(hello.Length), Is.EqualTo(hello));
    }

    private static RouteOptions Route(string name, string listen, TestUpstream upstream, string serverName) => new()
    {
        Name = name,
        Listen = { listen },
        ServerNames = { serverName },
        Upstreams = { new() { Address = upstream.Endpoint.ToString()! } },
    };
}
