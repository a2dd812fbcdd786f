using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyCore.Connections.Listening;
using ProxyCore.Connections.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Connections;

/// <summary>A listener by itself, with an acceptor of the test: slots are given back, and addresses are handed on.</summary>
internal sealed class ListenerTests
{
    private readonly Acceptor _acceptor = new();
    private RunningLoop _running = null!;
    private ConnectionSlots _slots = null!;
    private Listener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _running = new RunningLoop();
        _slots = new ConnectionSlots(1);
        var set = new ListenerSet(_running.Loop, NullLogger.Instance, _slots, new Member());
        var endpoint = ProxyEndpoint.Parse("127.0.0.1:0");
        RouteSettings settings = OptionsReader.Read(new TcpProxyOptions
        {
            Routes = { new RouteOptions { Listen = { "127.0.0.1:0" }, Upstreams = { new UpstreamOptions { Address = "9" } } } },
        }).Settings.Routes[0];
        _listener = Listener.Bind(set, endpoint, settings, ListenAddress.Of(endpoint)[0], shares: false);
        _listener.Listen();
        _acceptor.Clients.Clear();
        _acceptor.Failure = null;
        _listener.Lead(endpoint, settings, [_acceptor]);
    }

    [TearDown]
    public void Close()
    {
        _running.Dispose();
        _listener.Abandon();
        _acceptor.Clients.ForEach(static client => client.Socket.Dispose());
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public async Task Client_that_can_not_be_served_is_reset_and_its_slot_is_free_again()
    {
        _acceptor.Failure = new InvalidOperationException("made by the test");
        using Peer client = await Peer.Connect(_listener.LocalEndPoint);

        Accept();

        await client.ReceivesReset();
        Assert.That(_slots.TryTake(), Is.True);
    }

    [Test]
    public void Accept_that_fails_with_an_unexpected_exception_costs_no_slot()
    {
        // A closed handle makes the call throw ObjectDisposedException.
        _running.Do(() => _listener.Open());
        _running.Do(() =>
        {
            _listener.Socket.Dispose();
            _listener.OnReady(Interest.Read);
            _running.Loop.Detach(_listener);
        });

        Assert.That(_slots.TryTake(), Is.True);
    }

    [Test]
    [LinuxCalls("Elsewhere the address is asked for after the accept, which a reset makes too late.")]
    public async Task Client_that_has_reset_before_it_is_accepted_is_known_by_its_address()
    {
        EndPoint address;
        using (Peer client = await Peer.Connect(_listener.LocalEndPoint))
        {
            address = client.Socket.LocalEndPoint!;
            client.Reset();
        }

        Accept();

        Assert.That(_acceptor.Clients.Single().Address, Is.EqualTo(address));
    }

    // On Linux the socket is blocking: an accept that waits would hold up the loop.
    [Test]
    [CancelAfter(20_000)]
    public void Accept_with_no_client_queued_does_not_wait()
    {
        _running.Do(() => _listener.OnReady(Interest.Read));

        Assert.That(_slots.TryTake(), Is.True);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Clients_that_have_reset_in_the_queue_do_not_hold_up_the_next()
    {
        _acceptor.WantsAddress = false;
        for (int number = 0; number < 3; number++)
        {
            using Peer gone = await Peer.Connect(_listener.LocalEndPoint);
            gone.Reset();
        }

        using Peer client = await Peer.Connect(_listener.LocalEndPoint);
        for (int number = 0; number < 4; number++)
        {
            Accept();
            _slots.Release();
        }

        Assert.That(_acceptor.Clients[^1].Socket.RemoteEndPoint, Is.EqualTo(client.Socket.LocalEndPoint));
        Assert.That(_listener.HasClient, Is.False);
    }

    [Test]
    [LinuxCalls("Only Linux has accepted sockets inherit the time of keepalive.")]
    public async Task Accepted_client_has_the_options_of_its_listener()
    {
        using Peer client = await Peer.Connect(_listener.LocalEndPoint);

        Accept();

        Socket accepted = _acceptor.Clients.Single().Socket;
        Assert.That(accepted.NoDelay, Is.True);
        Assert.That(accepted.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
        Assert.That(accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(60));
    }

    [Test]
    [LinuxCalls("Elsewhere the address comes with the socket.")]
    public async Task Address_is_not_asked_for_when_nobody_needs_it()
    {
        _acceptor.WantsAddress = false;
        using Peer client = await Peer.Connect(_listener.LocalEndPoint);

        Accept();
        _acceptor.WantsAddress = true;

        Assert.That(_acceptor.Clients.Single().Address, Is.Null);
    }

    [TestCase("127.0.0.1:5", "localhost:5", true)]
    [TestCase("127.0.0.1:5", "127.0.0.1:6", false)]
    [TestCase("127.0.0.1:5", "127.0.0.2:5", false)]
    [TestCase("127.0.0.1:5", "0.0.0.0:5", true)]
    [TestCase("127.0.0.1:5", "*:5", true)]
    [TestCase("127.0.0.1:5", "[::]:5", false)]
    [TestCase("[::1]:5", "[::]:5", true)]
    [TestCase("[::1]:5", "[0:0:0:0:0:0:0:1]:5", true)]
    [TestCase("[::1]:5", "0.0.0.0:5", false)]
    [TestCase("*:5", "[::]:5", true)]
    [TestCase("*:5", "0.0.0.0:5", true)]
    [TestCase("127.0.0.1:0", "127.0.0.1:0", false)]
    [TestCase("unix:/d/u", "unix:/d/../d/u", true)]
    [TestCase("unix:/d/u", "unix:/d/v", false)]
    [TestCase("unix:/d/u", "*:5", false)]
    public void Addresses_overlap_when_a_client_of_one_could_reach_the_other(string one, string other, bool overlap)
    {
        IReadOnlyList<ListenAddress> first = ListenAddress.Of(ProxyEndpoint.Parse(one));
        IReadOnlyList<ListenAddress> second = ListenAddress.Of(ProxyEndpoint.Parse(other));

        Assert.That(first.Any(a => second.Any(b => a.Overlaps(b))), Is.EqualTo(overlap));
        Assert.That(second.Any(a => first.Any(b => a.Overlaps(b))), Is.EqualTo(overlap), "the other way round");
    }

    private void Accept() => _running.Do(() =>
    {
        Assert.That(SpinWait.SpinUntil(() => _listener.HasClient, SocketPair.Patience), Is.True);
        _listener.OnReady(Interest.Read);
    });

    private sealed class Acceptor : IClientAcceptor
    {
        public bool WantsAddress { get; set; } = true;

        internal Exception? Failure { get; set; }

        internal List<AcceptedClient> Clients { get; } = [];

        public void Accept(AcceptedClient client)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            Clients.Add(client);
        }

        public bool TryHand(AcceptedClient client) => false;
    }
}
