using System.Net.Sockets;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>One direction, each test from either side.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class PipeTests(ConnectionSide source)
{
    private readonly ConnectionSide _sink = RelayPeers.Other(source);
    private RelayPeers _peers = null!;

    private ref Pipe Pipe => ref _peers.Pipes.From(source);

    [SetUp]
    public void Connect() => _peers = new RelayPeers();

    [TearDown]
    public void Close() => _peers.Dispose();

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void Reset_of_the_sink_breaks_it_when_the_end_is_handed_on()
    {
        ResetSink();
        _peers.Peer(source).Shutdown(SocketShutdown.Send);

        _peers.Read(source);

        Assert.That((Pipe.State, Pipe.SinkFailure), Is.EqualTo((PipeState.Broken, TransferResult.Reset)));
    }

    [Test]
    public void Bytes_read_from_the_source_are_sent_to_the_sink_at_once()
    {
        _peers.Peer(source).Send([1, 2, 3]);

        Assert.That(_peers.Read(source), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(_peers.Peer(_sink).ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Pipe.Relayed, Is.EqualTo(3));
        Assert.That(Pipe.State, Is.EqualTo(PipeState.Open));
    }

    [Test]
    public void Read_with_nothing_to_read_changes_nothing()
    {
        Assert.That(_peers.Pipes.Read(source, _peers.Now).IsEmpty, Is.True);

        Assert.That((Pipe.State, Pipe.WantsRead, Pipe.WantsWrite), Is.EqualTo((PipeState.Open, true, false)));
    }

    [Test]
    public void What_a_full_sink_does_not_take_is_kept_and_reading_stops()
    {
        byte[] sent = _peers.Congest(source);

        Assert.That((Pipe.WantsRead, Pipe.WantsWrite), Is.EqualTo((false, true)));
        Assert.That(Pipe.Pending, Is.InRange(1, RelayPeers.BufferSize));
        Assert.That(Pipe.Relayed + Pipe.Pending, Is.EqualTo(sent.Length));
    }

    [Test]
    public void What_is_kept_is_one_read_at_most()
    {
        _peers.Held(_sink).FillSendBuffer();
        _peers.Peer(source).Send(new byte[RelayPeers.BufferSize / 4]);

        byte[] read = _peers.Read(source);

        Assert.That(Pipe.Pending, Is.EqualTo(read.Length));
        Assert.That(Pipe.Relayed, Is.Zero);
    }

    [Test]
    public void Flush_goes_on_where_the_sink_stopped_and_then_reading_resumes()
    {
        byte[] sent = _peers.Congest(source);

        byte[] received = _peers.Drain(source, sent.Length);

        Assert.That(received, Is.EqualTo(sent));
        Assert.That((Pipe.WantsRead, Pipe.WantsWrite, Pipe.Pending), Is.EqualTo((true, false, 0)));
        Assert.That(Pipe.Relayed, Is.EqualTo(sent.Length));
    }

    [Test]
    public void Flush_into_a_sink_that_is_still_full_keeps_everything()
    {
        _peers.Congest(source);
        _peers.Held(_sink).FillSendBuffer();
        int pending = Pipe.Pending;

        _peers.Pipes.Flush(_sink, _peers.Now);

        Assert.That((Pipe.Pending, Pipe.State), Is.EqualTo((pending, PipeState.Open)));
    }

    [Test]
    public void End_of_the_source_is_handed_on_as_a_FIN()
    {
        _peers.Peer(source).Shutdown(SocketShutdown.Send);

        _peers.Read(source);

        Assert.That((Pipe.State, Pipe.WantsRead), Is.EqualTo((PipeState.Done, false)));
        _peers.Peer(_sink).WaitReadable();
        Assert.That(_peers.Peer(_sink).TryReceive(), Is.EqualTo((0, SocketError.Success)));
    }

    [Test]
    public void End_of_the_source_is_handed_on_only_after_all_that_is_pending()
    {
        byte[] sent = _peers.Congest(source);
        _peers.Peer(source).Shutdown(SocketShutdown.Send);
        Assert.That(Pipe.WantsRead, Is.False, "it does not even see the end yet");

        Assert.That(_peers.Drain(source, sent.Length), Is.EqualTo(sent));
        _peers.Read(source);

        Assert.That(Pipe.State, Is.EqualTo(PipeState.Done));
        _peers.Peer(_sink).WaitReadable();
        Assert.That(_peers.Peer(_sink).TryReceive(), Is.EqualTo((0, SocketError.Success)));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void Reset_of_the_source_breaks_it_after_the_bytes_before_it()
    {
        _peers.Peer(source).Send([1, 2, 3]);
        _peers.Peer(source).Close(0);

        Assert.That(_peers.Read(source), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(Pipe.State, Is.EqualTo(PipeState.Open));
        _peers.Read(source);

        Assert.That((Pipe.State, Pipe.SourceFailure), Is.EqualTo((PipeState.Broken, TransferResult.Reset)));
        Assert.That(_peers.Peer(_sink).ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(_peers.Peer(_sink).Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    public void Reset_of_the_sink_breaks_it_when_bytes_are_sent()
    {
        ResetSink();
        _peers.Peer(source).Send([1]);

        _peers.Read(source);

        Assert.That((Pipe.State, Pipe.SinkFailure), Is.EqualTo((PipeState.Broken, TransferResult.Reset)));
        Assert.That(Pipe.Relayed, Is.Zero);
    }

    [Test]
    public void Reset_of_the_sink_while_bytes_are_pending_drops_them()
    {
        _peers.Congest(source);
        long relayed = Pipe.Relayed;
        ResetSink();

        _peers.Pipes.Flush(_sink, _peers.Now);

        Assert.That((Pipe.State, Pipe.SinkFailure), Is.EqualTo((PipeState.Broken, TransferResult.Reset)));
        Assert.That((Pipe.Pending, Pipe.WantsWrite, Pipe.Relayed), Is.EqualTo((0, false, relayed)));
    }

    [Test]
    public void End_after_an_expected_reset_is_no_orderly_one()
    {
        Pipe.ExpectReset(TransferResult.Lost);
        _peers.Peer(source).Shutdown(SocketShutdown.Send);

        _peers.Read(source);

        Assert.That((Pipe.State, Pipe.SourceFailure), Is.EqualTo((PipeState.Broken, TransferResult.Lost)));
        Assert.That(_peers.Peer(_sink).Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    public void Early_bytes_are_sent_at_once_and_ahead_of_what_is_read()
    {
        _peers.Peer(source).Send([4, 5]);

        _peers.Pipes.SendEarly(source, _peers.Pool.Keep([1, 2, 3]), own: 0, _peers.Now);
        _peers.Read(source);

        Assert.That(_peers.Peer(_sink).ReceiveExactly(5), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
        Assert.That((Pipe.Relayed, Pipe.Pending, _peers.Pool.Rented), Is.EqualTo((5L, 0, 0L)));
    }

    [Test]
    public void Early_bytes_that_a_full_sink_does_not_take_are_kept_and_the_source_waits()
    {
        _peers.Held(_sink).FillSendBuffer();

        _peers.Pipes.SendEarly(source, _peers.Pool.Keep([1, 2, 3]), own: 0, _peers.Now);

        Assert.That((Pipe.Pending, Pipe.WantsRead, Pipe.WantsWrite), Is.EqualTo((3, false, true)));
    }

    [Test]
    public void With_the_budget_used_up_it_holds_less_and_loses_nothing()
    {
        using var peers = new RelayPeers(maxPending: 0);

        byte[] sent = SocketSteps.Pattern(RelayPeers.BufferSize / 4);
        int filled = peers.Held(_sink).FillSendBuffer();
        peers.Peer(source).Send(sent);

        peers.Read(source);

        Assert.That(peers.Pipes.From(source).Pending, Is.InRange(1, 2 * PendingBudget.LeastForOne), "of 16 KB that had come");
        peers.Drain(source, filled);
        while (peers.Pipes.From(source).Relayed < sent.Length)
        {
            if (peers.Pipes.From(source).WantsWrite)
            {
                peers.Held(_sink).WaitWritable();
                peers.Flush(_sink);
            }
            else
            {
                peers.Read(source);
            }
        }

        Assert.That(peers.Peer(_sink).ReceiveExactly(sent.Length), Is.EqualTo(sent));
    }

    [Test]
    public void Release_returns_the_block_once()
    {
        _peers.Congest(source);
        Assert.That(_peers.Pool.Rented, Is.GreaterThanOrEqualTo(Pipe.Pending));

        _peers.Pipes.Release();
        _peers.Pipes.Release();

        Assert.That((Pipe.Pending, _peers.Pool.Rented), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void Relaying_allocates_nothing()
    {
        byte[] message = [1, 2, 3];
        byte[] buffer = new byte[16];
        Relay();

        Allocations.AssertNone(Relay);

        void Relay()
        {
            for (int i = 0; i < 100; i++)
            {
                _peers.Peer(source).Send(message, SocketFlags.None, out _);
                _peers.Held(source).Poll(1_000_000, SelectMode.SelectRead);
                _peers.Pipes.Read(source, _peers.Now);
                _peers.Peer(_sink).Receive(buffer.AsSpan(), SocketFlags.None, out _);
            }
        }
    }

    private void ResetSink()
    {
        _peers.Peer(_sink).Close(0);
        _peers.Held(_sink).WaitReadable();
    }
}
