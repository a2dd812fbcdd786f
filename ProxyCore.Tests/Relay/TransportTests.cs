using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>A pair of pipes with a transport on one side, each test on either.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class TransportTests(ConnectionSide side)
{
    private const int MostAtATime = 4;
    private static readonly byte[] _bytes = [1, 2, 3];

    private readonly ConnectionSide _other = RelayPeers.Other(side);
    private RelayPeers _peers = null!;
    private TestTransport _transport = null!;

    private PipePair Pipes => _peers.Pipes;

    [SetUp]
    public void Connect() => _peers = new RelayPeers((client, upstream) =>
    {
        _transport = new TestTransport(side == ConnectionSide.Client ? client : upstream, MostAtATime);
        return side == ConnectionSide.Client ? new RelayLayers { Client = _transport } : new RelayLayers { Upstream = _transport };
    });

    [TearDown]
    public void Close() => _peers.Dispose();

    [Test]
    public void Bytes_are_relayed_as_the_transport_reads_and_writes_them()
    {
        _peers.Peer(side).Send(Inverted(_bytes));
        Assert.That(_peers.Read(side), Is.EqualTo(_bytes));
        Assert.That(_peers.Peer(_other).ReceiveExactly(3), Is.EqualTo(_bytes));

        _peers.Peer(_other).Send(_bytes);
        Assert.That(_peers.Read(_other), Is.EqualTo(_bytes));
        Assert.That(_peers.Peer(side).ReceiveExactly(3), Is.EqualTo(Inverted(_bytes)));
        Assert.That((Pipes.BytesToUpstream, Pipes.BytesToClient), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public void Bytes_that_the_transport_holds_can_be_read_without_an_event_and_the_side_is_not_drained()
    {
        _peers.Peer(side).Send(Inverted([1, 2, 3, 4, 5, 6]));

        Assert.That(_peers.Read(side), Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That((Pipes.IsDrained(side), Pipes.CanReadHeld(side), Pipes.CanReadHeld(_other)), Is.EqualTo(((bool?)false, true, false)));

        Assert.That(Pipes.Read(side, _peers.Now).ToArray(), Is.EqualTo(new byte[] { 5, 6 }));
        Assert.That((Pipes.IsDrained(side), Pipes.CanReadHeld(side)), Is.EqualTo(((bool?)true, false)));
    }

    [Test]
    public void Held_bytes_wait_while_the_sink_takes_nothing()
    {
        _peers.Held(_other).FillSendBuffer();
        _peers.Peer(side).Send(Inverted([1, 2, 3, 4, 5, 6]));

        _peers.Read(side);

        Assert.That((_transport.HoldsBytes, Pipes.CanReadHeld(side)), Is.EqualTo((true, false)));
    }

    [TestCase(SocketError.NoBufferSpaceAvailable)]
    [TestCase(SocketError.Interrupted)]
    public void A_receive_that_failed_for_want_of_memory_or_by_a_signal_leaves_the_side_undrained(SocketError error)
    {
        _peers.Peer(side).Send(Inverted(_bytes));
        _transport.NextReceive = SocketErrors.Classify(error);

        Assert.That(_peers.Read(side), Is.Empty);
        Assert.That((Pipes.IsDrained(side), Pipes.InterestIn(side)), Is.EqualTo(((bool?)false, Interest.Read)), "no new event comes for them");

        Assert.That(_peers.Read(side), Is.EqualTo(_bytes));
        Assert.That(Pipes.IsDrained(side), Is.True);
    }

    [Test]
    public void A_receive_that_would_block_leaves_the_side_drained()
    {
        Pipes.Read(side, _peers.Now);

        Assert.That(Pipes.IsDrained(side), Is.True);
    }

    [TestCase(SocketError.NoBufferSpaceAvailable)]
    [TestCase(SocketError.Interrupted)]
    public void A_send_that_failed_for_want_of_memory_or_by_a_signal_is_tried_again_when_the_side_is_writable(SocketError error)
    {
        _transport.NextSend = SocketErrors.Classify(error);
        _peers.Peer(_other).Send(_bytes);

        _peers.Read(_other);
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read | Interest.Write), "level-triggered: both interests are");
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.None));

        _transport.NextSend = SocketErrors.Classify(error);
        _peers.Flush(side);
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read | Interest.Write));

        _peers.Flush(side);
        Assert.That(_peers.Peer(side).ReceiveExactly(3), Is.EqualTo(Inverted(_bytes)));
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.Read));
    }

    [Test]
    public void The_end_of_the_transport_goes_ahead_of_the_FIN_and_the_other_direction_lives_on()
    {
        _peers.Peer(_other).Shutdown(SocketShutdown.Send);

        _peers.Read(_other);

        Assert.That((Pipes.To(side).State, Pipes.FirstFin, Pipes.IsHalfClosed), Is.EqualTo((PipeState.Done, _other, true)));
        Assert.That(_peers.Peer(side).ReceiveExactly(1), Is.EqualTo(new[] { TestTransport.EndMark }));
        _peers.Peer(side).WaitReadable();
        Assert.That(_peers.Peer(side).TryReceive(), Is.EqualTo((0, SocketError.Success)));
        _peers.Peer(side).Send(Inverted(_bytes));
        Assert.That(_peers.Read(side), Is.EqualTo(_bytes));
    }

    [Test]
    public void While_the_end_of_the_transport_cannot_be_sent_the_direction_is_ending()
    {
        _transport.NextEnd = TransferResult.WouldBlock;
        _peers.Peer(_other).Shutdown(SocketShutdown.Send);

        _peers.Read(_other);
        Assert.That((Pipes.To(side).State, Pipes.IsOver, Pipes.IsHalfClosed), Is.EqualTo((PipeState.Ending, false, true)));
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read | Interest.Write));
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.None), "its end was read");

        _peers.Flush(side);
        Assert.That((Pipes.To(side).State, Pipes.InterestIn(side)), Is.EqualTo((PipeState.Done, Interest.Read)));
        Assert.That(_peers.Peer(side).ReceiveExactly(1), Is.EqualTo(new[] { TestTransport.EndMark }));
    }

    [Test]
    public void A_reset_that_is_found_while_ending_breaks_both_directions()
    {
        _transport.NextEnd = TransferResult.WouldBlock;
        _peers.Peer(_other).Shutdown(SocketShutdown.Send);
        _peers.Read(_other);
        _transport.NextEnd = TransferResult.Reset;

        _peers.Flush(side);
        _peers.Peer(side).Close(0);
        _peers.Read(side);

        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.To(side).State), Is.EqualTo((true, side, PipeState.Broken)));
    }

    [Test]
    public void The_transport_says_what_its_socket_is_watched_for_and_is_flushed_when_that_is_writable()
    {
        _transport.Needs = static wanted => wanted | Interest.Write;
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read | Interest.Write));
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.Read));

        _peers.Flush(side);

        Assert.That((_transport.Flushes, Pipes.To(side).State), Is.EqualTo((1, PipeState.Open)));
    }

    [TestCase(TransferResult.Reset)]
    [TestCase(TransferResult.Lost)]
    public void A_failure_that_the_transport_meets_while_it_sends_what_it_holds_ends_the_direction(TransferResult failure)
    {
        _transport.NextFlush = failure;

        _peers.Flush(side);

        Assert.That((Pipes.To(side).State, Pipes.FailedSide, Pipes.Failure), Is.EqualTo((PipeState.Broken, side, failure)));
    }

    [Test]
    public void A_send_that_waits_for_bytes_of_the_transport_is_tried_again_when_its_socket_is_readable()
    {
        _transport.NextSend = TransferResult.WouldBlock;
        _transport.Needs = static _ => Interest.Read;
        _peers.Peer(_other).Send(_bytes);
        _peers.Read(_other);

        _peers.Peer(side).Send([0]);
        _peers.Read(side);

        Assert.That(_peers.Peer(side).ReceiveExactly(3), Is.EqualTo(Inverted(_bytes)));
    }

    [Test]
    public void Release_frees_it()
    {
        Pipes.Release();

        Assert.That(_transport.IsReleased, Is.True);
    }

    private static byte[] Inverted(byte[] bytes) => Array.ConvertAll(bytes, TestTransport.Invert);
}
