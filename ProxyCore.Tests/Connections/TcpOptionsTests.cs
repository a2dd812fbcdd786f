using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Connections;

/// <summary>A listening socket goes from the options of one route to those of another without a step between.</summary>
internal sealed class TcpOptionsTests
{
    private Socket _socket = null!;

    [SetUp]
    public void Listen()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen();
    }

    [TearDown]
    public void Close() => _socket.Dispose();

    [TestCase(60, 60, true)]
    [TestCase(60, 30, true)]
    [TestCase(60, null, false)]
    [TestCase(null, 30, true)]
    [TestCase(null, null, false)]
    public void Change_sets_what_the_other_route_has(int? before, int? after, bool keepsAlive)
    {
        RouteSettings from = Route(before);
        TcpOptions.ApplyToListener(_socket, from);

        Assert.That(TcpOptions.TryChange(_socket, from, Route(after, noDelay: false)), Is.Null);

        Assert.That((IsKept, _socket.NoDelay), Is.EqualTo((keepsAlive, false)));
        Assert.That(!keepsAlive || Time == after);
    }

    [Test]
    public void Option_that_is_the_same_is_not_touched()
    {
        // Set behind its back: it would be changed back by any call.
        RouteSettings same = Route(60);
        _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 77);

        Assert.That(TcpOptions.TryChange(_socket, same, Route(60)), Is.Null);

        Assert.That(Time, Is.EqualTo(77));
    }

    [Test]
    public void Change_of_the_time_never_turns_keepalive_off()
    {
        using var over = new CancellationTokenSource();
        RouteSettings one = Route(60);
        RouteSettings other = Route(30);
        TcpOptions.ApplyToListener(_socket, one);
        Task<bool> alwaysOn = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                if (!IsKept)
                {
                    return false;
                }
            }

            return true;
        });

        for (int change = 0; change < 20_000; change++)
        {
            TcpOptions.TryChange(_socket, one, other);
            (one, other) = (other, one);
        }

        over.Cancel();
        Assert.That(alwaysOn.Result, Is.True);
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.AnyKeepAlive)]
    public void Option_that_can_not_be_set_leaves_all_as_they_were()
    {
        RouteSettings from = Route(60);
        TcpOptions.ApplyToListener(_socket, from);

        // The kernel takes at most 32,767 seconds (MAX_TCP_KEEPIDLE), and the options allow no more; here is one by hand.
        string? error = TcpOptions.TryChange(_socket, from, Route(60, noDelay: false) with { KeepAlive = TimeSpan.FromSeconds(40_000) });

        Assert.That(error, Is.Not.Null);
        Assert.That((IsKept, Time, _socket.NoDelay), Is.EqualTo((true, 60, true)));
    }

    private bool IsKept => (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0;

    private int Time => (int)_socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!;

    private static RouteSettings Route(int? seconds, bool noDelay = true)
    {
        RouteSettings route = OptionsReader.Read(new TcpProxyOptions
        {
            Routes = { new RouteOptions { Listen = { "0" }, Upstreams = { new UpstreamOptions { Address = "1" } } } },
        }).Settings.Routes[0];
        return route with { KeepAlive = seconds is { } time ? TimeSpan.FromSeconds(time) : null, NoDelay = noDelay };
    }
}
