using System.Net;
using System.Net.Sockets;
using ProxyCore.Connections.Dialing;
using ProxyCore.Settings;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Connections;

/// <summary>How an attempt to connect that nobody needs any more ends, as the upstream sees it.</summary>
internal sealed class UpstreamConnectorTests
{
    private RunningLoop _running = null!;
    private Socket _listener = null!;

    [SetUp]
    public void Start()
    {
        _running = new RunningLoop();
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
    }

    [TearDown]
    public void Stop()
    {
        _listener.Dispose();
        _running.Dispose();
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public async Task An_upstream_that_has_accepted_an_abandoned_connect_sees_a_reset()
    {
        using var upstream = new Peer(_running.Do(() =>
        {
            UpstreamConnector connector = Begin();
            Socket accepted = _listener.Accept();
            connector.Abandon();
            return accepted;
        }));

        await upstream.ReceivesReset();
    }

    // Linux keeps what was reset in the queue, and the server learns of the reset once it reads.
    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetInQueue)]
    public async Task An_upstream_that_accepts_an_abandoned_connect_later_sees_a_reset()
    {
        _running.Do(() =>
        {
            UpstreamConnector connector = Begin();
            _listener.WaitReadable();
            connector.Abandon();
        });
        using var upstream = new Peer(_listener.Accept());

        await upstream.ReceivesReset();
    }

    [Test]
    public void An_abandoned_connect_reports_nothing()
    {
        int reports = 0;
        _running.Do(() =>
        {
            UpstreamConnector connector = Begin(_ => reports++);
            _listener.Accept().Dispose();
            connector.Abandon();
        });

        _running.FinishTurn();
        Assert.That(reports, Is.Zero);
    }

    private UpstreamConnector Begin(Action<ConnectOutcome>? completed = null)
    {
        EndPoint address = _listener.LocalEndPoint!;
        RouteSettings route = OptionsReader.Read(new TcpProxyOptions
        {
            Routes =
            {
                new RouteOptions { Listen = { "localhost:0" }, Upstreams = { new UpstreamOptions { Address = $"{address}" } } },
            },
        }).Settings.Routes[0];
        var connector = new UpstreamConnector(
            _running.Loop, new Member(), route, address, new Observer(completed ?? (static outcome => outcome.Socket?.Dispose())));
        connector.Start();
        return connector;
    }

    private sealed class Observer(Action<ConnectOutcome> completed) : IConnectObserver
    {
        public void OnConnectCompleted(ConnectOutcome outcome) => completed(outcome);
    }
}
