using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>Each way in which one direction ends, and what becomes of the other.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class HalfCloseTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private static readonly byte[] _bytes = [1, 2, 3];

    [Test]
    public void An_end_that_is_sent_arrives_and_the_other_direction_lives_on()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Send(_bytes);
        client.EndSending();

        Assert.That(server.ReceiveExactly(3), Is.EqualTo(_bytes));
        Assert.That((server.ReceiveEnd(), server.Transport.IsTruncated), Is.EqualTo((TransferResult.Success, false)));
        Assert.That(server.Transport.HoldsBytes, Is.False);
        server.Send(_bytes);
        Assert.That(client.ReceiveExactly(3), Is.EqualTo(_bytes));
        server.EndSending();
        Assert.That((client.ReceiveEnd(), client.Transport.IsTruncated), Is.EqualTo((TransferResult.Success, false)));
    }

    [Test]
    public void An_end_that_comes_together_with_bytes_is_held()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Send(_bytes);
        Assert.That(client.Transport.EndSending(), Is.EqualTo(TransferResult.Success));
        server.Socket.WaitReadable();
        Assert.That(SpinUntilAvailable(server.Socket, 2 * 25), Is.True);

        Assert.That(server.ReceiveExactly(3, atATime: 3), Is.EqualTo(_bytes));
        Assert.That(server.Transport.Receive(new byte[1], out int count), Is.EqualTo(TransferResult.Success), "without a FIN");
        Assert.That(count, Is.Zero);
    }

    [Test]
    public void An_end_is_sent_once()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        server.Send(_bytes);
        Assert.That(client.Transport.EndSending(), Is.EqualTo(TransferResult.Success));
        Assert.That(client.Transport.EndSending(), Is.EqualTo(TransferResult.Success));

        Assert.That(client.ReceiveExactly(3), Is.EqualTo(_bytes));
        Assert.That(server.ReceiveEnd(), Is.EqualTo(TransferResult.Success));
    }

    [Test]
    public void A_bare_FIN_is_an_end_that_is_truncated_and_the_other_direction_lives_on()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Send(_bytes);
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.That(server.ReceiveExactly(3), Is.EqualTo(_bytes));
        Assert.That((server.ReceiveEnd(), server.Transport.IsTruncated), Is.EqualTo((TransferResult.Success, true)));
        server.Send(_bytes);
        Assert.That(client.ReceiveExactly(3), Is.EqualTo(_bytes));
        server.EndSending();
        Assert.That((client.ReceiveEnd(), client.Transport.IsTruncated), Is.EqualTo((TransferResult.Success, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_peer_that_has_closed_its_socket_after_its_own_end_has_missed_nothing(bool withCloseNotify)
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        server.Send(_bytes);
        Assert.That(client.ReceiveExactly(3), Is.EqualTo(_bytes));
        if (withCloseNotify)
        {
            client.EndSending();
        }

        client.Socket.Close();
        Assert.That(server.ReceiveEnd(), Is.EqualTo(TransferResult.Success));

        Assert.That(new End(server.Socket, server.Transport).EndSending(), Is.EqualTo(TransferResult.Success));
    }

    [Test]
    public void A_peer_that_has_closed_its_socket_before_the_last_bytes_has_missed_them()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        server.Send(_bytes);
        Assert.That(client.ReceiveExactly(3), Is.EqualTo(_bytes));
        client.Socket.Close();
        Assert.That(server.ReceiveEnd(), Is.EqualTo(TransferResult.Success));
        server.Send(_bytes);
        Assert.That(server.Socket.Poll(SocketPair.Patience, SelectMode.SelectError), Is.True, "the answer is a reset");

        Assert.That(new End(server.Socket, server.Transport).EndSending(), Is.EqualTo(TransferResult.Reset));
    }

    [Test]
    public void A_reset_is_a_reset_after_what_came_before_it()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Socket.Close(0);

        Assert.That((server.ReceiveEnd(), server.Transport.IsTruncated), Is.EqualTo((TransferResult.Reset, false)));
    }

    [Test]
    public void A_reset_that_a_send_has_met_is_one_to_the_next_receive_too()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair();
        client.Socket.Close(0);
        server.Socket.WaitReadable();

        Assert.That(server.Transport.Send(_bytes, out int count), Is.EqualTo(TransferResult.Reset));
        Assert.That(count, Is.Zero);
        Assert.That(server.ReceiveEnd(), Is.EqualTo(TransferResult.Reset));
        Assert.That(server.Transport.EndSending(), Is.EqualTo(TransferResult.Reset));
    }

    [Test]
    public void An_end_behind_bytes_that_the_socket_does_not_take_waits_for_them()
    {
        (TlsEnd server, TlsEnd client) = EstablishedPair(buffers: 32 * 1024);
        int taken = 0;
        while (server.Transport.Send(new byte[64 * 1024], out int count) == TransferResult.Success)
        {
            taken += count;
        }

        Assert.That(server.Transport.EndSending(), Is.EqualTo(TransferResult.WouldBlock));
        var buffer = new byte[64 * 1024];
        bool isSent = false;
        int received = 0;
        while (client.Transport.Receive(buffer, out int count) is var result && (result != TransferResult.Success || count > 0))
        {
            received += count;
            isSent = isSent || server.Transport.EndSending() == TransferResult.Success;
        }

        Assert.That((received, isSent), Is.EqualTo((taken, true)));
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public async Task A_client_of_NET_half_closes_and_is_half_closed(SslProtocols version)
    {
        SocketPair sockets = Connect();
        SslStream client = Stream(sockets.Far);
        Task handshake = client.AuthenticateAsClientAsync(DotNetClient(version));
        TlsEnd server = Accept(ServerContext(), sockets.Near);
        Assert.That(server.Handshake(), Is.EqualTo(HandshakeStatus.Done), server.Transport.FailureCause);
        await Bound.Within("the client's handshake", handshake);

        await client.ShutdownAsync();
        Assert.That((server.ReceiveEnd(), server.Transport.IsTruncated), Is.EqualTo((TransferResult.Success, false)));
        server.Send(_bytes);
        server.EndSending();

        var bytes = new byte[3];
        await Bound.Within("the bytes", client.ReadExactlyAsync(bytes).AsTask());
        Assert.That(bytes, Is.EqualTo(_bytes));
        Assert.That(await Bound.Within("the end", token => client.ReadAsync(bytes, token)), Is.Zero);
    }

    private static bool SpinUntilAvailable(Socket socket, int bytes) =>
        SpinWait.SpinUntil(() => socket.Available >= bytes - 4, SocketPair.Patience);
}
