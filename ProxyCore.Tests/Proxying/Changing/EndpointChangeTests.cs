using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>Endpoints that stay keep their sockets, whatever else changes; others make place.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class EndpointChangeTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task Endpoint_of_a_route_that_gets_another_name_keeps_its_socket()
    {
        await Start(To(First));

        await Proxy.ApplyAsync(Options(Route("other", Here, To(Second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
        Assert.That(Log.CountOf("ListeningOnPort"), Is.EqualTo(1), "nothing was bound anew");
    }

    [Test]
    public async Task Port_that_the_system_chose_is_kept_where_the_options_leave_it_open_again()
    {
        await Start(To(First));
        EndPoint before = Proxy.Endpoints[0];

        await Proxy.ApplyAsync(Options(Route("web", "127.0.0.1:0", To(Second))));

        Assert.That(Proxy.Endpoints, Is.EqualTo([before]));
    }

    [TestCase("localhost")]
    [TestCase("*")]
    public async Task Endpoint_that_is_in_the_way_of_a_wider_one_makes_place_for_it(string host)
    {
        await Start(To(First));
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;
        using Peer before = await Connect();
        await before.Echoes("before");

        await Proxy.ApplyAsync(Options(Route("web", $"{host}:{port}", To(Second))));

        using Peer client = await Peer.Connect(new IPEndPoint(IPAddress.Loopback, port));
        await client.Echoes("hello");
        await before.Echoes("still there");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Wider_endpoint_makes_place_for_a_narrower_one()
    {
        await Start(To(First), listen: "*:0");
        int port = ((IPEndPoint)Proxy.Endpoints[0]).Port;

        await Proxy.ApplyAsync(Options(Route("web", $"127.0.0.1:{port}", To(Second))));

        using Peer client = await Connect();
        await client.Echoes("hello");
        Assert.That(Second.Accepted, Is.EqualTo(1));
    }

    [Test]
    public async Task Unix_socket_is_kept_or_added_or_removed()
    {
        using var folder = new Cli.TemporaryFolder();
        string kept = Path.Combine(folder.FullName, "kept");
        string gone = Path.Combine(folder.FullName, "gone");
        string added = Path.Combine(folder.FullName, "added");
        RouteOptions route = Route("web", $"unix:{kept}", To(First));
        route.Listen.Add($"unix:{gone}");
        await Start(route);

        RouteOptions changed = Route("web", $"unix:{kept}", To(First));
        changed.Listen.Add($"unix:{added}");
        await Proxy.ApplyAsync(Options(changed));

        Assert.That(File.Exists(gone), Is.False);
        foreach (string path in new[] { kept, added })
        {
            using Peer client = await Peer.Connect(new UnixDomainSocketEndPoint(path));
            await client.Echoes("hello");
        }
    }
}
