using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;
using ProxyCore.Tests.Relay;

namespace ProxyCore.Tests.Tls;

/// <summary>A pair of pipes with TLS on one side, and how each end passes through it.</summary>
[TestFixtureSource(typeof(TlsEngines), nameof(TlsEngines.All))]
internal sealed class RelayedTlsTests(TlsEngineKind kind) : TlsFixture(kind)
{
    private static readonly byte[] _bytes = [1, 2, 3];

    [TestCase(ConnectionSide.Client)]
    [TestCase(ConnectionSide.Upstream)]
    public void Both_directions_carry_bytes_and_end_one_after_the_other(ConnectionSide side)
    {
        RelayPeers peers = Relay(side, out TlsEnd tls);
        ConnectionSide plain = RelayPeers.Other(side);

        tls.Send(_bytes);
        tls.EndSending();
        peers.Read(side);
        Assert.That(peers.Peer(plain).ReceiveExactly(3), Is.EqualTo(_bytes));
        ReadUntilOver(peers, side);
        Assert.That(peers.Peer(plain).Receive(new byte[1]), Is.Zero, "no FIN");

        peers.Peer(plain).Send(_bytes);
        peers.Read(plain);
        Assert.That(tls.ReceiveExactly(3), Is.EqualTo(_bytes));
        peers.Peer(plain).Shutdown(SocketShutdown.Send);
        ReadUntilOver(peers, plain);
        Assert.That((tls.ReceiveEnd(), tls.Transport.IsTruncated, peers.Pipes.IsOver), Is.EqualTo((TransferResult.Success, false, true)));
    }

    [TestCase(ConnectionSide.Client)]
    [TestCase(ConnectionSide.Upstream)]
    public void A_side_that_takes_nothing_stalls_the_other_and_loses_no_byte(ConnectionSide side)
    {
        RelayPeers peers = Relay(side, out TlsEnd tls);
        ConnectionSide plain = RelayPeers.Other(side);

        byte[] sent = peers.Congest(plain);
        Assert.That(peers.Pipes.IsStalled, Is.True);
        Assert.That(peers.Pool.Rented + Pool.Rented, Is.LessThanOrEqualTo(3 * RelayPeers.BufferSize));

        var received = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (received.Count < sent.Length)
        {
            peers.Flush(side);
            Assert.That(tls.Transport.Receive(buffer, out int count), Is.Not.EqualTo(TransferResult.Reset));
            received.AddRange(buffer.AsSpan(0, count));
        }

        Assert.That(received, Is.EqualTo(sent));
    }

    private static void ReadUntilOver(RelayPeers peers, ConnectionSide side)
    {
        while (!peers.Pipes.From(side).IsOver)
        {
            if (peers.Pipes.CanReadHeld(side))
            {
                peers.Pipes.Read(side, peers.Now);
                peers.Pipes.Settle();
            }
            else
            {
                peers.Read(side);
            }
        }
    }

    /// <summary>A relay whose peer on <paramref name="side"/> speaks TLS, with the handshake done.</summary>
    private RelayPeers Relay(ConnectionSide side, out TlsEnd peer)
    {
        TlsTransport transport = null!;
        TlsContext server = ServerContext();
        TlsContext client = ClientContext();
        RelayPeers peers = Own(new RelayPeers((one, other) =>
        {
            transport = side == ConnectionSide.Client ? TlsLoop.Accept(server, one, early: null) : TlsLoop.Connect(client, other, alpn: null);
            return side == ConnectionSide.Client ? new RelayLayers { Client = transport } : new RelayLayers { Upstream = transport };
        }));
        Socket far = peers.Peer(side);
        far.Blocking = false;
        peer = side == ConnectionSide.Client ? ConnectTo(client, far) : Accept(server, far);
        Assert.That(Handshakes(new TlsEnd(transport, peers.Held(side)), peer), Is.EqualTo((HandshakeStatus.Done, HandshakeStatus.Done)));
        return peers;
    }
}
