using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Relay;

/// <summary>What one direction's end means for the other, each test from either side.</summary>
[TestFixture(ConnectionSide.Client)]
[TestFixture(ConnectionSide.Upstream)]
internal sealed class PipePairTests(ConnectionSide side)
{
    private readonly ConnectionSide _other = RelayPeers.Other(side);
    private RelayPeers _peers = null!;

    private PipePair Pipes => _peers.Pipes;

    [SetUp]
    public void Connect() => _peers = new RelayPeers();

    [TearDown]
    public void Close() => _peers.Dispose();

    [Test]
    public void At_first_both_sides_are_watched_for_reading()
    {
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read));
        Assert.That((Pipes.IsOver, Pipes.IsHalfClosed, Pipes.FirstFin, Pipes.FailedSide), Is.EqualTo((false, false, (object?)null, (object?)null)));
    }

    [Test]
    public void From_and_To_are_the_same_two_directions()
    {
        Assert.That(Unsafe.AreSame(ref Pipes.From(side), ref Pipes.To(_other)), Is.True);
        Assert.That(Unsafe.AreSame(ref Pipes.From(side), ref Pipes.To(side)), Is.False);
    }

    [Test]
    public void A_full_side_is_watched_for_writing_and_its_sender_not_for_reading()
    {
        byte[] sent = _peers.Congest(side);

        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.None));
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.Read | Interest.Write));

        _peers.Drain(side, sent.Length);
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read));
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.Read));
    }

    [Test]
    public void Bytes_are_counted_for_their_direction()
    {
        _peers.Peer(side).Send([1, 2, 3]);
        _peers.Read(side);

        (long up, long down) expected = side == ConnectionSide.Client ? (3, 0) : (0, 3);
        Assert.That((Pipes.BytesToUpstream, Pipes.BytesToClient), Is.EqualTo(expected));
    }

    [Test]
    public void A_FIN_half_closes_and_the_other_direction_lives_on()
    {
        _peers.Peer(side).Shutdown(SocketShutdown.Send);
        _peers.Read(side);

        Assert.That((Pipes.IsHalfClosed, Pipes.IsOver, Pipes.FirstFin), Is.EqualTo((true, false, side)));
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.None));

        _peers.Peer(_other).Send([1, 2, 3]);
        _peers.Read(_other);
        Assert.That(_peers.Peer(side).ReceiveExactly(3), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void It_is_over_when_both_have_finished_and_remembers_who_was_first()
    {
        _peers.Peer(side).Shutdown(SocketShutdown.Send);
        _peers.Read(side);
        _peers.Peer(_other).Shutdown(SocketShutdown.Send);
        _peers.Read(_other);

        Assert.That((Pipes.IsOver, Pipes.IsHalfClosed, Pipes.FirstFin, Pipes.FailedSide), Is.EqualTo((true, false, side, (object?)null)));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_found_by_reading_ends_both_directions()
    {
        _peers.Peer(side).Close(0);
        _peers.Read(side);

        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.Failure), Is.EqualTo((true, side, TransferResult.Reset)));
        Assert.That((Pipes.From(side).State, Pipes.To(side).State), Is.EqualTo((PipeState.Broken, PipeState.Broken)));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_found_by_reading_drops_what_is_pending_towards_that_side()
    {
        _peers.Congest(_other);
        _peers.Peer(side).Close(0);
        _peers.Read(side);

        Assert.That((Pipes.IsOver, Pipes.To(side).Pending), Is.EqualTo((true, 0)));
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.None));
    }

    [Test]
    public void A_reset_found_by_writing_lets_what_had_arrived_before_drain_and_then_ends_broken()
    {
        byte[] lastWords = SocketSteps.Pattern(5000);
        _peers.Peer(side).Send(lastWords);
        _peers.Peer(side).Close(0);
        _peers.Held(side).WaitReadable();

        _peers.Peer(_other).Send([1]);
        _peers.Read(_other);
        Assert.That((Pipes.FailedSide, Pipes.Failure, Pipes.IsOver), Is.EqualTo((side, TransferResult.Reset, false)));
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.Read), "what it sent is still wanted");
        Assert.That(Pipes.InterestIn(_other), Is.EqualTo(Interest.None), "nobody is left to send it to");

        var read = new List<byte>();
        while (!Pipes.IsOver)
        {
            read.AddRange(_peers.Read(side));
        }

        Assert.That(read, Is.EqualTo(lastWords));
        Assert.That(_peers.Peer(_other).ReceiveExactly(lastWords.Length), Is.EqualTo(lastWords));
        Assert.That(Pipes.From(side).State, Is.EqualTo(PipeState.Broken), "and not Done");
        Assert.That(Pipes.FirstFin, Is.Null);
        Assert.That(_peers.Peer(_other).Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_reset_that_handing_on_a_FIN_does_not_find_is_found_by_reading()
    {
        _peers.Peer(side).Close(0);
        _peers.Held(side).WaitReadable();
        _peers.Peer(_other).Shutdown(SocketShutdown.Send);
        _peers.Read(_other);

        _peers.Read(side);

        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.Failure), Is.EqualTo((true, side, TransferResult.Reset)));
    }

    [Test]
    public void A_reset_after_a_FIN_of_the_same_side_is_a_failure_of_that_side()
    {
        _peers.Peer(side).Shutdown(SocketShutdown.Send);
        _peers.Read(side);
        _peers.Peer(side).Close(0);
        _peers.Peer(_other).Send([1]);
        _peers.Read(_other);
        while (!Pipes.IsOver)
        {
            // The first send may still be taken: it is what the reset answers.
            _peers.Peer(_other).Send([1]);
            _peers.Read(_other);
        }

        Assert.That((Pipes.FirstFin, Pipes.FailedSide), Is.EqualTo((side, side)));
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void A_side_that_is_known_to_be_reset_is_read_to_its_end_and_then_the_pair_is_broken()
    {
        byte[] lastBytes = SocketSteps.Pattern(5000);
        _peers.Peer(side).Send(lastBytes);
        _peers.Peer(side).Close(0);
        _peers.Held(side).WaitReadable();
        Assert.That(SocketErrors.Take(_peers.Held(side)), Is.EqualTo(TransferResult.Reset), "as a connect that is completed takes it");

        Pipes.From(side).ExpectReset(TransferResult.Reset);
        Pipes.Settle();
        Assert.That((Pipes.IsOver, Pipes.FailedSide, Pipes.InterestIn(_other)), Is.EqualTo((false, side, Interest.None)));
        while (!Pipes.IsOver)
        {
            _peers.Read(side);
        }

        Assert.That(_peers.Peer(_other).ReceiveExactly(lastBytes.Length), Is.EqualTo(lastBytes));
        Assert.That(_peers.Peer(_other).Poll(0, SelectMode.SelectRead), Is.False, "no FIN");
    }

    [Test]
    public void A_side_that_is_not_read_is_watched_for_a_reset_once_its_stall_was_looked_at()
    {
        byte[] sent = _peers.Congest(side);
        Assert.That((Pipes.HasNewStall, Pipes.InterestIn(side)), Is.EqualTo((true, Interest.None)), "most stalls are short");

        Pipes.LookAtStalled();
        Assert.That((Pipes.IsStalled, Pipes.HasNewStall, Pipes.InterestIn(side)), Is.EqualTo((true, false, Interest.Reset)));

        _peers.Drain(side, sent.Length);
        Assert.That((Pipes.IsStalled, Pipes.InterestIn(side)), Is.EqualTo((false, Interest.Read)));
    }

    [Test]
    [LinuxCalls("Only Linux tells of what stands behind bytes that are not read.")]
    public void A_FIN_behind_bytes_that_are_not_read_half_closes()
    {
        byte[] sent = _peers.Congest(side);
        _peers.Peer(side).Shutdown(SocketShutdown.Send);
        Assert.That(Pipes.IsHalfClosed, Is.False);

        Pipes.LookAtStalled();
        Pipes.Settle();

        Assert.That((Pipes.IsHalfClosed, Pipes.IsOver, Pipes.FailedSide), Is.EqualTo((true, false, (object?)null)));
        Assert.That(_peers.Drain(side, sent.Length), Is.EqualTo(sent));
        _peers.Read(side);
        Assert.That((Pipes.FirstFin, Pipes.From(side).State), Is.EqualTo((side, PipeState.Done)));
    }

    [Test]
    [LinuxCalls("Only Linux tells of what stands behind bytes that are not read.")]
    public void A_reset_behind_bytes_that_are_not_read_is_a_failure_and_the_bytes_before_it_are_handed_on()
    {
        byte[] sent = _peers.Congest(side);
        _peers.Peer(side).Close(0);

        Pipes.LookAtStalled();
        Pipes.Settle();

        Assert.That((Pipes.FailedSide, Pipes.Failure, Pipes.IsHalfClosed), Is.EqualTo((side, TransferResult.Reset, true)));
        Assert.That(Pipes.InterestIn(side), Is.EqualTo(Interest.None), "the reset is known");
        Assert.That(_peers.Drain(side, sent.Length), Is.EqualTo(sent));
        _peers.Read(side);
        Assert.That(Pipes.IsOver, Is.True);
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.ResetIsEnd)]
    public void The_first_failure_is_kept()
    {
        _peers.Peer(side).Close(0);
        _peers.Read(side);
        _peers.Peer(_other).Close(0);
        Pipes.Settle();

        Assert.That(Pipes.FailedSide, Is.EqualTo(side));
    }

    [Test]
    public void Release_lets_go_of_both_directions()
    {
        _peers.Congest(side);
        _peers.Congest(_other);

        Pipes.Release();

        Assert.That((Pipes.From(side).Pending, Pipes.To(side).Pending), Is.EqualTo((0, 0)));
    }
}
