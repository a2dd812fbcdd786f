using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying.Changing;

/// <summary>A running proxy is given other options: as a whole, and without harm to anybody.</summary>
[TestFixture(1)]
[TestFixture(3)]
internal sealed class ApplyTests(int loops) : ChangingFixture(loops)
{
    [Test]
    public async Task New_connections_go_where_the_new_options_say_and_old_ones_live_on()
    {
        await Start(To(First));
        using Peer before = await Connect();
        await before.Echoes("before");

        await Proxy.ApplyAsync(Options(Route("web", Here, To(Second))));

        using Peer after = await Connect();
        await after.Echoes("after");
        await before.Echoes("still there");
        Assert.That((First.Accepted, Second.Accepted), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Added_route_is_listened_on_and_a_removed_one_refuses_and_drains()
    {
        await Start(To(First));
        EndPoint gone = Proxy.Endpoints[0];
        using Peer before = await Connect();
        await before.Echoes("before");

        await Proxy.ApplyAsync(Options(Route("new", "127.0.0.1:0", To(Second))));

        Assert.That(Proxy.Endpoints, Has.Count.EqualTo(1).And.None.EqualTo(gone));
        Assert.That(
            () => Peer.Connect(gone), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
        using Peer client = await Connect();
        await client.Echoes("hello");
        await before.Echoes("still there");
    }

    [Test]
    public async Task Connections_keep_the_timeouts_that_they_began_with()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await Start(To(First), clock);
        using Peer before = await Connect();
        await before.Echoes("before");

        RouteOptions route = Route("web", Here, To(First));
        route.IdleTimeout = TimeSpan.FromMinutes(1);
        await Proxy.ApplyAsync(Options(route));
        using Peer after = await Connect();
        await after.Echoes("after");
        clock.Advance(TimeSpan.FromMinutes(1));

        await after.ReceivesReset();
        await before.Echoes("still there");
    }

    [Test]
    public async Task Maximum_of_connections_may_be_raised_and_lowered()
    {
        await Start(To(First));
        TcpProxyOptions With(int maximum)
        {
            TcpProxyOptions options = Options(Route("web", Here, To(First)));
            options.MaxConnections = maximum;
            return options;
        }

        await Proxy.ApplyAsync(With(1));
        using Peer one = await Connect();
        await one.Echoes("hello");
        using Peer two = await Connect();
        using Peer three = await Connect();
        await Log.Saw("AtMaximum");
        await Proxy.ApplyAsync(With(3));
        await Task.WhenAll(two.Echoes("let in"), three.Echoes("let in"));

        await Proxy.ApplyAsync(With(1));
        using Peer four = await Connect();
        one.Reset();
        two.Reset();
        await Log.Saw("Ended", 2);
        Assert.That(Proxy.GetStatistics().Accepted, Is.EqualTo(3), "one of one is still served");
        three.Reset();
        await four.Echoes("let in");
    }
}
