using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Facts;

/// <summary>How a reset is made and how it is learned of.</summary>
internal sealed class ResetFacts
{
    private static readonly (int, SocketError) _reset = (0, SocketError.ConnectionReset);
    private static readonly (int, SocketError) _end = (0, SocketError.Success);

    private SocketPair _pair = null!;

    [SetUp]
    public void Connect() => _pair = SocketPair.Connect();

    [TearDown]
    public void Close() => _pair.Dispose();

    // Connection.Close ends with it whatever was not orderly.
    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void Close_with_zero_sends_a_reset()
    {
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();

        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_reset));
    }

    // UpstreamConnector: the upstream that should have the port can bind it, even without SO_REUSEADDR.
    [TestCase(true, 0)]
    [TestCase(false, 1)]
    [Platform("Linux")]
    public void Only_a_reset_frees_the_port_of_a_socket_that_is_connected_to_itself(bool withReset, int left)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var own = (IPEndPoint)socket.LocalEndPoint!;
        socket.Connect(own);

        if (withReset)
        {
            socket.Close(0);
        }
        else
        {
            socket.Dispose();
        }

        TcpConnectionInformation[] connections = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections();
        Assert.That(connections.Count(one => one.LocalEndPoint.Equals(own)), Is.EqualTo(left));
    }

    // So an orderly end must have read everything first.
    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void Dispose_with_unread_bytes_sends_a_reset()
    {
        _pair.Near.Send([1, 2, 3]);
        _pair.Far.WaitReadable();

        _pair.Far.Dispose();
        _pair.Near.WaitReadable();

        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_reset));
    }

    // A reset can't be handed on by shutting down.
    [Test]
    [Platform("Linux")]
    public void Shutdown_after_linger_zero_gives_end_of_stream_and_no_reset()
    {
        _pair.Far.LingerState = new LingerOption(true, 0);
        _pair.Far.Shutdown(SocketShutdown.Send);
        _pair.Near.WaitReadable();

        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_end));
    }

    // PipePair remembers the first failure: the second answer looks like an orderly end.
    [Test]
    [Platform("Linux")]
    public void Receive_tells_of_a_reset_once_and_then_of_the_end_of_the_stream()
    {
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();

        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_reset));
        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_end));
    }

    // Pipe.ExpectReset: who learns of the reset by writing reads on to an end that looks orderly.
    [Test]
    [Platform("Linux")]
    public void Receive_ends_the_stream_once_a_send_has_told_of_the_reset()
    {
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();

        _pair.Near.Send([1], SocketFlags.None, out SocketError sending);

        Assert.That(sending, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_end));
    }

    // SocketErrors counts EPIPE as a reset.
    [Test]
    [Platform("Linux")]
    public void Send_reports_Shutdown_once_a_receive_has_told_of_the_reset()
    {
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();
        _pair.Near.TryReceive();

        _pair.Near.Send([1], SocketFlags.None, out SocketError sending);

        Assert.That(sending, Is.EqualTo(SocketError.Shutdown));
    }

    // A pipe hands them on before it breaks.
    [Test]
    [Platform("Linux")]
    public void Bytes_before_a_reset_are_read_before_it()
    {
        _pair.Far.Send([1, 2, 3]);
        _pair.Far.Close(0);
        _pair.Near.WaitReadable();

        Assert.That(_pair.Near.TryReceive(), Is.EqualTo((3, SocketError.Success)));
        Assert.That(_pair.Near.TryReceive(), Is.EqualTo(_reset));
    }
}
