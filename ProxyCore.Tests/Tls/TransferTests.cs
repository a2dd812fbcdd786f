using System.Security.Cryptography;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>Bytes through two transports: all of them, in order, within bounds.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class TransferTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private const int Large = 100 * 1024 * 1024;

    [Test]
    public void A_hundred_megabytes_go_both_ways_at_once()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        var down = new Flow(server, client, Large, seed: 1);
        var up = new Flow(client, server, Large, seed: 2);

        while (down.Move() | up.Move())
        {
        }

        Assert.That((down.IsComplete, up.IsComplete), Is.EqualTo((true, true)));
    }

    [TestCase(1)]
    [TestCase(100)]
    [TestCase(16 * 1024)]
    [TestCase(2 * 1024 * 1024)]
    public void What_a_small_read_leaves_over_comes_with_the_next(int atATime)
    {
        byte[] bytes = RandomBytes.Of((int)Math.Min(200_000, atATime * 2000L));
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Send(bytes);

        Assert.That(server.ReceiveExactly(bytes.Length, atATime), Is.EqualTo(bytes));
        Assert.That(server.Transport.HoldsBytes, Is.False);
        Assert.That(server.Transport.Receive(new byte[1], out _), Is.EqualTo(TransferResult.WouldBlock));
    }

    [Test]
    public void A_read_of_many_records_is_filled()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair(buffers: 1024 * 1024);
        client.Send(RandomBytes.Of(400_000));
        var buffer = new byte[128 * 1024];

        server.Receive(buffer, out int count);

        Assert.That(count, Is.EqualTo(buffer.Length), "a read that is not full looks like the last, and the next is no larger");
    }

    [Test]
    public void A_record_in_two_pieces_is_read_when_the_second_has_come()
    {
        SocketPair sockets = Connect();
        SocketPair relay = Connect();
        relay.Far.Blocking = false;
        TlsEnd client = ConnectTo(ClientContext(), relay.Far);
        TlsEnd server = Accept(ServerContext(), sockets.Near);
        Assert.That(RelayedHandshake(server, client, sockets, relay), Is.True);
        client.Send([1, 2, 3]);
        relay.Near.WaitReadable();
        byte[] record = relay.Near.ReceiveAvailable();

        sockets.Far.Send(record.AsSpan(0, 10));
        sockets.Near.WaitReadable();
        Assert.That(server.Transport.Receive(new byte[10], out _), Is.EqualTo(TransferResult.WouldBlock));
        Assert.That(server.Transport.HoldsBytes, Is.False);

        sockets.Far.Send(record.AsSpan(10));
        Assert.That(server.ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_record_that_was_tampered_with_is_a_reset_and_an_alert_goes_out()
    {
        SocketPair sockets = Connect();
        SocketPair relay = Connect();
        relay.Far.Blocking = false;
        TlsEnd client = ConnectTo(ClientContext(), relay.Far);
        TlsEnd server = Accept(ServerContext(), sockets.Near);
        Assert.That(RelayedHandshake(server, client, sockets, relay), Is.True);
        client.Send([1, 2, 3]);
        client.Send([4, 5, 6]);
        relay.Near.WaitReadable();
        byte[] records = relay.Near.ReceiveAvailable();
        records[^1] ^= 1;
        sockets.Far.Send(records);

        Assert.That(server.ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(server.Transport.HoldsBytes, Is.True, "no event comes for the failure");
        Assert.That(server.ReceiveEnd(), Is.EqualTo(TransferResult.Reset));
        Assert.That(sockets.Far.ReceiveAvailable(), Kind == TlsEngineKind.OpenSsl ? Is.Not.Empty : Is.Empty, "SslStream sends no alert");
        Assert.That(server.Transport.Send([1], out _), Is.EqualTo(TransferResult.Reset));
    }

    [Test]
    public void A_reader_that_stalls_leaves_a_bounded_number_of_bytes_here()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair(buffers: 32 * 1024);
        byte[] chunk = RandomBytes.Of(64 * 1024);
        int taken = 0;
        while (server.Transport.Send(chunk, out int count) == TransferResult.Success)
        {
            taken += count;
            Assert.That(taken, Is.LessThan(64 * 1024 * 1024), "it takes all");
        }

        Assert.That(Pool.Rented, Is.InRange(1, 128 * 1024));
        Assert.That(server.Transport.InterestFor(Interest.Read), Is.EqualTo(Interest.Read | Interest.Write));
        Assert.That(server.Transport.InterestFor(Interest.None), Is.EqualTo(Interest.Write));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var expected = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int start = 0; start < taken; start += chunk.Length)
        {
            expected.AppendData(chunk.AsSpan(0, Math.Min(chunk.Length, taken - start)));
        }

        for (int received = 0; received < taken; received += chunk.Length)
        {
            server.Transport.Flush();
            hash.AppendData(Drain(server, client, Math.Min(chunk.Length, taken - received)));
        }

        Assert.That(hash.GetHashAndReset(), Is.EqualTo(expected.GetHashAndReset()));
        Assert.That(server.Transport.InterestFor(Interest.Read), Is.EqualTo(Interest.Read));
    }

    [Test]
    public void Steady_relaying_allocates_nothing()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        var buffer = new byte[64 * 1024];
        byte[] bytes = RandomBytes.Of(40_000);
        Exchange(server, client, bytes, buffer, times: 50);

        Allocations.AssertNone(() => Exchange(server, client, bytes, buffer, times: 200));
    }

    private static void Exchange(TlsEnd server, TlsEnd client, byte[] bytes, byte[] buffer, int times)
    {
        for (int time = 0; time < times; time++)
        {
            OneWay(server.Transport, client.Transport, bytes, buffer);
            OneWay(client.Transport, server.Transport, bytes, buffer);
        }
    }

    private static void OneWay(TlsTransport from, TlsTransport to, byte[] bytes, byte[] buffer)
    {
        int sent = 0;
        for (int received = 0; received < bytes.Length;)
        {
            if (from.Send(bytes.AsSpan(sent), out int count) == TransferResult.Success)
            {
                sent += count;
            }

            // Reads of odd sizes leave something over.
            to.Receive(buffer.AsSpan(0, 10_000), out int got);
            received += got;
        }
    }

    private static byte[] Drain(TlsEnd from, TlsEnd to, int count)
    {
        var bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            from.Transport.Flush();
            TransferResult result = to.Transport.Receive(bytes.AsSpan(received), out int got);
            Assert.That(result, Is.Not.EqualTo(TransferResult.Reset));
            received += got;
        }

        return bytes;
    }

    /// <summary>A handshake of two ends whose bytes the test carries from one pair of sockets to the other.</summary>
    private static bool RelayedHandshake(TlsEnd server, TlsEnd client, SocketPair sockets, SocketPair relay)
    {
        bool isServerDone = false;
        bool isClientDone = false;
        DateTime end = DateTime.UtcNow + SocketPair.Patience;
        while (!(isServerDone && isClientDone) && DateTime.UtcNow < end)
        {
            isClientDone = isClientDone || client.Transport.Handshake() == HandshakeStatus.Done;
            sockets.Far.Send(relay.Near.ReceiveAvailable());
            isServerDone = isServerDone || server.Transport.Handshake() == HandshakeStatus.Done;
            relay.Near.Send(sockets.Far.ReceiveAvailable());
        }

        return isServerDone && isClientDone;
    }

    /// <summary>Bytes from one end to the other, each with a hash.</summary>
    private sealed class Flow(TlsEnd from, TlsEnd to, int size, int seed)
    {
        private readonly byte[] _chunk = RandomBytes.Of(1_000_003, seed);
        private readonly byte[] _buffer = new byte[2 * 1024 * 1024];
        private readonly IncrementalHash _sentHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _receivedHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int _sent;
        private int _received;

        internal bool IsComplete =>
            _received == size && _sentHash.GetHashAndReset().AsSpan().SequenceEqual(_receivedHash.GetHashAndReset());

        /// <summary>Moves some; returns whether there is more.</summary>
        internal bool Move()
        {
            int offset = _sent % _chunk.Length;
            int most = Math.Min(_chunk.Length - offset, size - _sent);
            if (most > 0 && from.Transport.Send(_chunk.AsSpan(offset, most), out int count) == TransferResult.Success)
            {
                _sentHash.AppendData(_chunk.AsSpan(offset, count));
                _sent += count;
            }

            from.Transport.Flush();
            TransferResult result = to.Transport.Receive(_buffer, out int got);
            Assert.That(result, Is.AnyOf(TransferResult.Success, TransferResult.WouldBlock, TransferResult.TryAgain));
            _receivedHash.AppendData(_buffer.AsSpan(0, got));
            _received += got;
            return _received < size;
        }
    }
}
