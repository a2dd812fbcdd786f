using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Proxying;

/// <summary>Starting binds everything or nothing.</summary>
[TestFixture(Parking.Off)]
[TestFixture(Parking.Eager)]
public class StartTests(Parking parking) : ParkingFixture(parking)
{
    [Test]
    public async Task Start_that_fails_names_endpoint_and_cause_and_leaves_nothing_open()
    {
        await using var occupier = new TestUpstream();
        string free = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions
                {
                    Listen = { "localhost:0", $"unix:{free}", occupier.Endpoint.ToString()! },
                    Upstreams = { new() { Address = "9" } },
                },
            },
        };
        await using var proxy = new TcpProxy(options);
        int before = Descriptors.Count();

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => proxy.StartAsync());

        Assert.Multiple(() =>
        {
            Assert.That(exception!.Message, Is.EqualTo($"Cannot listen on {occupier.Endpoint}: the address is already in use"));
            Assert.That(exception.Endpoint, Is.EqualTo(occupier.Endpoint.ToString()));
            Assert.That(exception.SocketError, Is.EqualTo(SocketError.AddressAlreadyInUse));
            Assert.That(proxy.Endpoints, Is.Empty);
            Assert.That(File.Exists(free), Is.False, "the file of the socket that had been bound");
            Assert.That(Descriptors.Count(), Is.EqualTo(before));
        });
    }

    [Test]
    public async Task Start_that_failed_may_be_tried_again()
    {
        await using var upstream = new EchoUpstream();
        var occupier = new TestUpstream();
        var options = new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions
                {
                    Listen = { occupier.Endpoint.ToString()! },
                    Upstreams = { new() { Address = upstream.Endpoint.ToString()! } },
                },
            },
        };
        await using var proxy = new TcpProxy(options);
        Assert.ThrowsAsync<ListenException>(() => proxy.StartAsync());

        await occupier.DisposeAsync();
        await proxy.StartAsync();

        using Peer client = await Peer.Connect(proxy.Endpoints[0]);
        await client.Echoes("hello");
    }

    [Test]
    public async Task Address_that_is_not_ours_is_told()
    {
        await using var proxy = new TcpProxy(OneRoute("192.0.2.1:0"));

        ListenException? exception = Assert.ThrowsAsync<ListenException>(() => proxy.StartAsync());

        Assert.That(
            exception!.Message, Is.EqualTo("Cannot listen on 192.0.2.1:0: the address is not available on this machine"));
    }

    [Test]
    public async Task Localhost_whose_second_address_is_taken_leaves_the_first_free()
    {
        await using var occupier = new TestUpstream(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        int port = ((IPEndPoint)occupier.Endpoint).Port;
        await using var proxy = new TcpProxy(OneRoute($"localhost:{port}"));

        Assert.ThrowsAsync<ListenException>(() => proxy.StartAsync());

        await using var free = new TestUpstream(new IPEndPoint(IPAddress.Loopback, port));
    }

    [Test]
    public async Task Second_start_is_refused()
    {
        await using RunningProxy proxy = await RunningProxy.To(new IPEndPoint(IPAddress.Loopback, 9));

        Assert.ThrowsAsync<InvalidOperationException>(() => proxy.Proxy.StartAsync());
    }

    [Test]
    public async Task Of_many_starts_at_once_one_wins()
    {
        await using var proxy = new TcpProxy(OneRoute("127.0.0.1:0"));

        Task[] starts = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => proxy.StartAsync()))];
        await Bound.Within("the starts", Task.WhenAll(starts).ContinueWith(static _ => { }, TaskScheduler.Default));

        Assert.That(starts.Count(static start => start.IsCompletedSuccessfully), Is.EqualTo(1));
        Assert.That(
            starts.Where(static start => start.IsFaulted).Select(static start => start.Exception!.InnerException),
            Is.All.InstanceOf<InvalidOperationException>());
    }

    [Test]
    public async Task Start_that_is_cancelled_before_binds_nothing()
    {
        await using var proxy = new TcpProxy(OneRoute("127.0.0.1:0"));

        Assert.That(
            async () => await proxy.StartAsync(new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(proxy.Endpoints, Is.Empty);
    }

    private static TcpProxyOptions OneRoute(string listen) => new()
    {
        Routes = { new RouteOptions { Listen = { listen }, Upstreams = { new() { Address = "9" } } } },
    };
}
