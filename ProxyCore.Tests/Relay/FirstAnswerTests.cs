using System.Net.Sockets;
using System.Runtime.InteropServices;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>A server that finishes right behind its first answer, as one does that serves a request a connection.</summary>
[LinuxCalls("Only Linux holds the answer back for the FIN behind it.")]
internal sealed class FirstAnswerTests
{
    // struct tcp_info in include/uapi/linux/tcp.h: tcpi_segs_in.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int SegmentsIn = 140;

    private static readonly byte[] _answer = [1, 2, 3];

    private RelayPeers _peers = null!;

    private Socket Client => _peers.Peer(ConnectionSide.Client);

    private Socket Server => _peers.Peer(ConnectionSide.Upstream);

    private ref Pipe ToClient => ref _peers.Pipes.From(ConnectionSide.Upstream);

    [SetUp]
    public void Connect() => _peers = new RelayPeers();

    [TearDown]
    public void Close() => _peers.Dispose();

    [NotUnderEmulation(NotUnderEmulationAttribute.NoTcpInfo)]
    [Test]
    public void Answer_and_end_that_have_come_are_handed_on_by_one_read_in_one_packet()
    {
        Server.Send(_answer);
        Server.Shutdown(SocketShutdown.Send);
        WaitForEndOfServer();
        uint before = SegmentsReceived(Client);

        Assert.That(_peers.Read(ConnectionSide.Upstream), Is.EqualTo(_answer));

        Assert.That(ToClient.State, Is.EqualTo(PipeState.Done));
        Assert.That(_peers.Pipes.FirstFin, Is.EqualTo(ConnectionSide.Upstream));
        Assert.That(Client.ReceiveExactly(3), Is.EqualTo(_answer));
        Assert.That(Client.Receive(new byte[1]), Is.Zero);
        Assert.That(SegmentsReceived(Client) - before, Is.EqualTo(1));
    }

    [Test]
    public void Answer_without_an_end_is_sent_at_once_and_the_direction_stays_open()
    {
        Server.Send(_answer);

        _peers.Read(ConnectionSide.Upstream);

        Assert.That(Client.ReceiveExactly(3), Is.EqualTo(_answer));
        Assert.That((ToClient.State, ToClient.IsDrained), Is.EqualTo((PipeState.Open, true)));
    }

    [Test]
    public void Later_answers_are_not_read_twice()
    {
        Server.Send(_answer);
        _peers.Read(ConnectionSide.Upstream);
        Server.Send(_answer);
        Server.Shutdown(SocketShutdown.Send);
        WaitForEndOfServer();

        _peers.Read(ConnectionSide.Upstream);

        Assert.That(ToClient.State, Is.EqualTo(PipeState.Open));
        Assert.That(_peers.Read(ConnectionSide.Upstream), Is.Empty);
        Assert.That(ToClient.State, Is.EqualTo(PipeState.Done));
    }

    [Test]
    public void End_behind_an_answer_that_the_client_does_not_take_waits_until_that_is_out()
    {
        int filled = FillClient();
        Server.Send(_answer);
        Server.Shutdown(SocketShutdown.Send);
        WaitForEndOfServer();

        _peers.Read(ConnectionSide.Upstream);

        Assert.That((ToClient.State, ToClient.Pending, ToClient.IsDrained), Is.EqualTo((PipeState.Open, 3, false)));
        byte[] received = _peers.Drain(ConnectionSide.Upstream, filled + 3);
        Assert.That(received[^3..], Is.EqualTo(_answer));
        Assert.That(_peers.Read(ConnectionSide.Upstream), Is.Empty);
        Assert.That(ToClient.State, Is.EqualTo(PipeState.Done));
        Assert.That(Client.Receive(new byte[1]), Is.Zero);
    }

    [Test]
    public void Reset_behind_the_answer_is_no_end_of_it()
    {
        Server.Send(_answer);
        Server.Close(0);
        Assert.That(
            SpinWait.SpinUntil(
                () => (PeerState.Look(_peers.Held(ConnectionSide.Upstream)) & PeerSigns.Failed) != 0, SocketPair.Patience),
            Is.True);

        Assert.That(_peers.Read(ConnectionSide.Upstream), Is.EqualTo(_answer));

        Assert.That(Client.ReceiveExactly(3), Is.EqualTo(_answer));
        _peers.Read(ConnectionSide.Upstream);
        Assert.That((ToClient.State, _peers.Pipes.FailedSide), Is.EqualTo((PipeState.Broken, ConnectionSide.Upstream)));
    }

    private static uint SegmentsReceived(Socket socket)
    {
        Span<byte> info = stackalloc byte[SegmentsIn + sizeof(uint)];
        socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
        return MemoryMarshal.Read<uint>(info[SegmentsIn..]);
    }

    /// <summary>Sends to the client until the kernel takes no more; returns how many bytes it has taken.</summary>
    private int FillClient()
    {
        int filled = 0;
        while (SocketTransfer.Send(_peers.Held(ConnectionSide.Client), new byte[4096], out int sent) == TransferResult.Success)
        {
            filled += sent;
        }

        return filled;
    }

    private void WaitForEndOfServer() => Assert.That(
        SpinWait.SpinUntil(
            () => PeerState.Look(_peers.Held(ConnectionSide.Upstream)) == PeerSigns.Ended, SocketPair.Patience),
        Is.True);
}
