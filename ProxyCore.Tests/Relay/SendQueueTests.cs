using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

[LinuxCalls("Only Linux is asked what it still has to send.")]
internal sealed class SendQueueTests
{
    private SocketPair _pair = null!;

    [SetUp]
    public void Connect() => _pair = SocketPair.Connect();

    [TearDown]
    public void Close() => _pair.Dispose();

    [NotUnderEmulation(NotUnderEmulationAttribute.NoTcpInfo)]
    [Test]
    public void Nothing_is_under_way_at_first() => Assert.That(SendQueue.IsUnderWay(_pair.Near), Is.False);

    [NotUnderEmulation(NotUnderEmulationAttribute.NoTcpInfo)]
    [Test]
    public void Bytes_are_under_way_while_the_send_buffer_is_full_and_no_more_once_they_are_read()
    {
        int sent = _pair.Near.FillSendBuffer();
        Assert.That(SendQueue.IsUnderWay(_pair.Near), Is.True);

        _pair.Far.ReceiveExactly(sent);

        // The last acknowledgement may be delayed, by some 40 ms.
        var watch = Stopwatch.StartNew();
        bool quiet = SpinWait.SpinUntil(() => SendQueue.IsUnderWay(_pair.Near) == false, SocketPair.Patience);
        Assert.That(quiet, Is.True, $"still under way after {watch.Elapsed}");
    }

    [NotUnderEmulation(NotUnderEmulationAttribute.NoTcpInfo)]
    [Test]
    public void Nothing_is_under_way_to_a_peer_that_has_reset()
    {
        _pair.Near.FillSendBuffer();
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();

        Assert.That(SendQueue.IsUnderWay(_pair.Near), Is.False);
    }

    [Test]
    public void Nothing_is_under_way_on_a_Unix_socket()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.That(SendQueue.IsUnderWay(socket), Is.False);
    }

    [NotUnderEmulation(NotUnderEmulationAttribute.NoMemoryInfo)]
    [Test]
    public void Room_is_what_the_kernel_takes()
    {
        int room = SendQueue.Room(_pair.Near);

        int sent = _pair.Near.FillSendBuffer();

        // It takes at least that, but for its overhead: buffers grow, and the peer's takes some at once.
        Assert.That(room, Is.Positive);
        Assert.That(sent, Is.GreaterThanOrEqualTo(room - (room / 8)));
        Assert.That(SendQueue.Room(_pair.Near), Is.LessThan(64 * 1024));
    }

    [Test]
    public void Room_of_a_Unix_socket_is_not_known()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.That(SendQueue.Room(socket), Is.Zero);
    }
}
