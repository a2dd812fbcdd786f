using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls.SslStreams;

/// <summary>What the relay sees of a connection whose handshake is done; the peer is the engine itself.</summary>
internal sealed class SslStreamTransportTests
{
    private const int LargestPlain = 16 * 1024;
    private static readonly byte[] _bytes = [1, 2, 3];

    private TestCertificates _authority = null!;
    private TlsContext _serverContext = null!;
    private TlsContext _clientContext = null!;
    private TransportPair _pair = null!;

    [OneTimeSetUp]
    public void Issue()
    {
        _authority = new TestCertificates();
        _serverContext = TransportPair.Engine.CreateServerContext(new TlsServerParameters(_authority.Issue("server.test").Identity));
        _clientContext = TransportPair.Engine.CreateClientContext(new TlsClientParameters { ServerName = "server.test", Ca = _authority.Ca });
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _serverContext.Dispose();
        _clientContext.Dispose();
        _authority.Dispose();
    }

    [SetUp]
    public void Connect()
    {
        _pair = new TransportPair(_serverContext, _clientContext, kernelBuffers: 32 * 1024);
        Assert.That(_pair.Handshake(), Is.EqualTo((HandshakeStatus.Done, HandshakeStatus.Done)));
    }

    [TearDown]
    public void Close() => _pair.Dispose();

    [TestCase(64 * 1024)]
    [TestCase(LargestPlain)]
    [TestCase(LargestPlain - 1)]
    [TestCase(1000)]
    [TestCase(1)]
    public void Bytes_arrive_as_they_were_sent_however_much_is_read_at_a_time(int readSize)
    {
        byte[] bytes = SocketSteps.Pattern(readSize == 1 ? 20_000 : 300_000);

        Assert.That(TransportPair.Move(_pair.Client, _pair.Server, bytes, readSize), Is.EqualTo(bytes));
        Assert.That(TransportPair.Move(_pair.Server, _pair.Client, bytes, readSize), Is.EqualTo(bytes));
    }

    [Test]
    public void One_read_takes_several_records()
    {
        byte[] bytes = SocketSteps.Pattern(3000);
        for (int part = 0; part < 3; part++)
        {
            _pair.Client.Send(bytes.AsSpan(part * 1000, 1000), out _);
        }

        Assert.That(TransportPair.Receive(_pair.Server).Bytes, Is.EqualTo(bytes));
        Assert.That(_pair.Server.HoldsBytes, Is.False);
    }

    [Test]
    public void What_a_read_leaves_of_a_record_is_held()
    {
        _pair.Client.Send(_bytes, out _);

        Assert.That(TransportPair.Receive(_pair.Server, readSize: 2).Bytes, Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That((_pair.Server.HoldsBytes, _pair.Pool.Rented > 0), Is.EqualTo((true, true)));

        Assert.That(TransportPair.Receive(_pair.Server, readSize: 2).Bytes, Is.EqualTo(new byte[] { 3 }));
        Assert.That((_pair.Server.HoldsBytes, _pair.Pool.Rented), Is.EqualTo((false, 0L)));
    }

    [Test]
    public void Records_without_plain_bytes_are_no_end_of_the_stream()
    {
        // The tickets of a TLS 1.3 server.
        _pair.ClientSocket.WaitReadable();

        Assert.That(_pair.Client.Receive(new byte[100], out int count), Is.EqualTo(TransferResult.WouldBlock));
        Assert.That((count, _pair.Client.HoldsBytes), Is.EqualTo((0, false)));
        _pair.Server.Send(_bytes, out _);
        Assert.That(TransportPair.Receive(_pair.Client).Bytes, Is.EqualTo(_bytes));
    }

    [Test]
    public void A_part_of_a_record_waits_for_the_rest()
    {
        byte[] record = RecordOf(_bytes);
        _pair.ClientSocket.Send(record.AsSpan(0, 10));
        _pair.ServerSocket.WaitReadable();
        Assert.That(_pair.Server.Receive(new byte[100], out _), Is.EqualTo(TransferResult.WouldBlock));
        Assert.That(_pair.Server.HoldsBytes, Is.False);

        _pair.ClientSocket.Send(record.AsSpan(10));

        Assert.That(TransportPair.Receive(_pair.Server).Bytes, Is.EqualTo(_bytes));
    }

    [Test]
    public void A_peer_that_reads_nothing_stops_the_sender_after_a_bounded_number_of_bytes()
    {
        byte[] bytes = SocketSteps.Pattern(4 * 1024 * 1024);
        Assert.That(_pair.Server.Send(bytes, out int taken), Is.EqualTo(TransferResult.Success));

        Assert.That(taken, Is.InRange(1, bytes.Length - 1));
        Assert.That(_pair.Server.Send(bytes.AsSpan(taken), out int more), Is.EqualTo(TransferResult.WouldBlock));
        Assert.That((more, _pair.Pool.Rented), Is.EqualTo((0, 64 * 1024L)), "what is encrypted, in one block");
        Assert.That(_pair.Server.InterestFor(Interest.None), Is.EqualTo(Interest.Write));
        Assert.That(_pair.Server.InterestFor(Interest.Read), Is.EqualTo(Interest.Read | Interest.Write));

        var received = new List<byte>();
        while (received.Count < taken)
        {
            received.AddRange(TransportPair.Receive(_pair.Client).Bytes);
            _pair.Server.Flush();
        }

        Assert.That(received, Is.EqualTo(bytes[..taken]));
        Assert.That((_pair.Server.Flush(), _pair.Server.InterestFor(Interest.Read)), Is.EqualTo((TransferResult.Success, Interest.Read)));
    }

    [Test]
    public void The_end_is_one_close_notify_after_all_bytes_and_the_other_direction_lives_on()
    {
        _pair.Client.Send(_bytes, out _);
        Assert.That(_pair.Client.EndSending(), Is.EqualTo(TransferResult.Success));
        Assert.That(_pair.Client.EndSending(), Is.EqualTo(TransferResult.Success), "it is made once");

        Assert.That(TransportPair.Receive(_pair.Server).Bytes, Is.EqualTo(_bytes));
        Assert.That(_pair.Server.HoldsBytes, Is.True, "no event comes for the end");
        Assert.That(TransportPair.Receive(_pair.Server), Is.EqualTo((TransferResult.Success, Array.Empty<byte>())));
        Assert.That((_pair.Server.IsTruncated, _pair.Server.HoldsBytes), Is.EqualTo((false, false)));

        byte[] bytes = SocketSteps.Pattern(200_000);
        Assert.That(TransportPair.Move(_pair.Server, _pair.Client, bytes), Is.EqualTo(bytes));
        Assert.That(_pair.Server.EndSending(), Is.EqualTo(TransferResult.Success));
        Assert.That(TransportPair.Receive(_pair.Client), Is.EqualTo((TransferResult.Success, Array.Empty<byte>())));
        Assert.That(_pair.Client.IsTruncated, Is.False);
    }

    [Test]
    public void The_end_waits_for_bytes_that_the_socket_has_not_taken()
    {
        byte[] bytes = SocketSteps.Pattern(4 * 1024 * 1024);
        _pair.Server.Send(bytes, out int taken);

        Assert.That(_pair.Server.EndSending(), Is.EqualTo(TransferResult.WouldBlock));

        int received = 0;
        while (received < taken)
        {
            received += TransportPair.Receive(_pair.Client).Bytes.Length;
            _pair.Server.Flush();
        }

        Assert.That(_pair.Server.EndSending(), Is.EqualTo(TransferResult.Success));
        Assert.That(TransportPair.Receive(_pair.Client), Is.EqualTo((TransferResult.Success, Array.Empty<byte>())));
        Assert.That((received, _pair.Client.IsTruncated), Is.EqualTo((taken, false)));
    }

    [TestCase(0)]
    [TestCase(10)]
    public void A_FIN_without_close_notify_ends_the_stream_as_truncated(int bytesOfARecord)
    {
        byte[] record = RecordOf(_bytes);
        _pair.ClientSocket.Send(record.AsSpan(0, bytesOfARecord));
        _pair.ClientSocket.Shutdown(SocketShutdown.Send);
        _pair.ServerSocket.WaitReadable();

        Assert.That(TransportPair.Receive(_pair.Server), Is.EqualTo((TransferResult.Success, Array.Empty<byte>())));
        Assert.That(_pair.Server.IsTruncated, Is.True);

        Assert.That(TransportPair.Move(_pair.Server, _pair.Client, _bytes), Is.EqualTo(_bytes), "the other direction lives on");
    }

    [Test]
    public void A_reset_is_told_after_the_bytes_that_came_before_it()
    {
        _pair.Client.Send(_bytes, out _);
        _pair.ServerSocket.WaitReadable();
        Assert.That(TransportPair.Receive(_pair.Server).Bytes, Is.EqualTo(_bytes));

        _pair.ClientSocket.Close(0);

        Assert.That(TransportPair.Receive(_pair.Server).Result, Is.EqualTo(TransferResult.Reset));
        Assert.That(_pair.Server.IsTruncated, Is.False);
    }

    [TestCase(new byte[] { 0x47, 0x45, 0x54, 0x20, 0x2F, 0x20 })]
    [TestCase(new byte[] { 23, 3, 3, 0xFF, 0xFF, 1 })]
    [TestCase(new byte[] { 23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })]
    public void Bytes_that_are_no_record_break_the_connection_after_those_before_them(byte[] garbage)
    {
        _pair.Client.Send(_bytes, out _);
        _pair.ClientSocket.Send(garbage);

        Assert.That(TransportPair.Receive(_pair.Server).Bytes, Is.EqualTo(_bytes));
        Assert.That(TransportPair.Receive(_pair.Server).Result, Is.EqualTo(TransferResult.Reset));
        Assert.That(_pair.Server.IsTruncated, Is.False);
    }

    [TestCase(100)]
    [TestCase(64 * 1024)]
    public void Relaying_allocates_nothing_once_warm(int size)
    {
        byte[] bytes = new byte[size];
        byte[] buffer = new byte[size];
        Relay(200);

        Allocations.AssertNone(() => Relay(200));

        void Relay(int times)
        {
            for (int round = 0; round < times; round++)
            {
                int sent = 0;
                for (int received = 0; received < size;)
                {
                    _pair.Client.Send(bytes.AsSpan(sent), out int taken);
                    sent += taken;
                    _pair.Server.Receive(buffer, out int count);
                    received += count;
                }
            }
        }
    }

    /// <summary>What the client puts on the wire for bytes; the socket's own end has not got them.</summary>
    private byte[] RecordOf(byte[] bytes)
    {
        _pair.Client.Send(bytes, out _);
        _pair.ServerSocket.WaitReadable();
        byte[] record = new byte[1024];
        int count = _pair.ServerSocket.Receive(record);
        return record[..count];
    }
}
