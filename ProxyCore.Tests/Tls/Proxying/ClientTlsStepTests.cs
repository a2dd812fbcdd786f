using System.Net.Sockets;
using ProxyCore.Connections.Opening;
using ProxyCore.Loop;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>When the parts of a client's handshake run, on a loop that is busy with other handshakes.</summary>
internal sealed class ClientTlsStepTests
{
    private SocketPair _sockets = null!;

    [SetUp]
    public void Connect() => _sockets = SocketPair.Connect();

    [TearDown]
    public void Close() => _sockets.Dispose();

    [Test]
    public void Client_that_is_asked_for_a_certificate_waits_for_a_turn_with_what_it_shows_as_well()
    {
        var client = new Client(_sockets.Near, asks: true);
        OpeningSequence opening = Begin(client);
        client.IsBusy = true;

        opening.OnClientReadable();

        Assert.That((client.Handshakes, client.Watched), Is.EqualTo((1, Interest.Reset)));
        client.RunLater();
        Assert.That((client.Handshakes, client.Relays), Is.EqualTo((2, true)));
    }

    [Test]
    public void Client_that_is_not_asked_for_a_certificate_waits_only_at_the_beginning()
    {
        var client = new Client(_sockets.Near, asks: false) { IsBusy = true };
        OpeningSequence opening = Begin(client);
        Assert.That((client.Handshakes, client.Watched), Is.EqualTo((0, Interest.Reset)));
        client.RunLater();
        Assert.That((client.Handshakes, client.Watched), Is.EqualTo((1, Interest.Read)));

        opening.OnClientReadable();

        Assert.That((client.Handshakes, client.Relays), Is.EqualTo((2, true)));
    }

    [Test]
    public void Client_that_goes_while_it_waits_is_left_alone()
    {
        var client = new Client(_sockets.Near, asks: true);
        OpeningSequence opening = Begin(client);
        client.IsBusy = true;
        opening.OnClientReadable();

        opening.Abandon();
        client.RunLater();

        Assert.That((client.Handshakes, client.Relays), Is.EqualTo((1, false)));
    }

    private static OpeningSequence Begin(Client client)
    {
        var opening = new OpeningSequence(client, [new ClientTlsStep(client, TimeSpan.FromSeconds(10))]);
        opening.Begin();
        return opening;
    }

    /// <summary>A connection whose handshake is done at the second call.</summary>
    private sealed class Client(Socket socket, bool asks) : IEncryptedConnection
    {
        private Action? _later;

        public bool AsksForCertificate => asks;

        Socket IEncryptedConnection.Client => socket;

        internal bool IsBusy { get; set; }

        internal int Handshakes { get; private set; }

        internal Interest Watched { get; private set; }

        internal bool Relays { get; private set; }

        public bool TryTakeTurn(Action later)
        {
            _later = IsBusy ? later : null;
            return !IsBusy;
        }

        public TlsTransport AcceptTls() => new ScriptedTransport(
            socket, () => ++Handshakes == 2 ? HandshakeStatus.Done : HandshakeStatus.NeedMore);

        public void NoteTls(TlsInfo info)
        {
        }

        public void WatchClient(Interest interest) => Watched = interest;

        public void ArmStepTimer(TimeSpan delay)
        {
        }

        public void CancelStepTimer()
        {
        }

        public void MoveTo(ConnectionPhase phase)
        {
        }

        public void Refuse(in StepOutcome refusal) => Assert.Fail($"refused: {refusal.Cause}");

        public void BeginRelay() => Relays = true;

        public void Fault(Exception exception) => Assert.Fail($"{exception}");

        internal void RunLater() => _later!();
    }
}
