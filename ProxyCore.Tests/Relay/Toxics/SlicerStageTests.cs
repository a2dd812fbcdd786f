using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class SlicerStageTests
{
    private ToxicRig _rig = null!;

    [SetUp]
    public void Create() => _rig = new ToxicRig();

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void A_read_is_halved_until_the_pieces_are_small_enough()
    {
        _rig.Add(new SlicerToxic { AverageSize = 10 });
        _rig.Send(Bytes(64));

        Assert.That(_rig.Follow(0), Is.EqualTo(Enumerable.Repeat((0.0, 8), 8)));
    }

    [Test]
    public void Pieces_go_one_by_one_with_the_delay_after_each()
    {
        _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(10));

        Assert.That(_rig.Follow(1000), Is.EqualTo((List<(double, int)>)[(0, 2), (10, 3), (20, 2), (30, 3)]));
    }

    [Test]
    public void The_delay_holds_also_between_two_reads()
    {
        _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(4));
        Assert.That(_rig.Receive(), Has.Length.EqualTo(4));
        _rig.Now = Ms(3);
        _rig.Send(Bytes(4));

        Assert.That(_rig.Follow(1000), Is.EqualTo((List<(double, int)>)[(10, 4)]));
    }

    [Test]
    public void The_delay_begins_when_the_sink_has_the_whole_piece()
    {
        _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(8));
        Assert.That(_rig.Receive(most: 1), Has.Length.EqualTo(1));
        Assert.That(_rig.NextDue, Is.Null, "the sink is waited for");

        Assert.That(_rig.ReceiveAt(500), Has.Length.EqualTo(3));

        Assert.That(_rig.NextDue, Is.EqualTo(Ms(510)));
    }

    [Test]
    public void Piece_sizes_vary_within_their_bounds_around_the_average_and_no_byte_is_lost()
    {
        const int Average = 500;
        const int Variation = 100;
        _rig.Add(new SlicerToxic { AverageSize = Average, SizeVariation = Variation });
        var sizes = new List<int>();
        for (int i = 0; i < 50; i++)
        {
            _rig.Send(Bytes(40_000));
            sizes.AddRange(_rig.Follow(0).Select(static piece => piece.Bytes));
        }

        // Halves of something larger than the largest piece, cut away from the middle by the variation at most.
        Assert.That(sizes, Is.All.InRange(((Average + Variation) / 2) - Variation, Average + Variation));
        Assert.That((sizes.Sum(), sizes.Distinct().Count() > 100), Is.EqualTo((50 * 40_000, true)));
    }

    [Test]
    public void Single_bytes_are_the_smallest_pieces()
    {
        _rig.Add(new SlicerToxic());
        _rig.Send(Bytes(100));

        Assert.That(_rig.Follow(0), Is.EqualTo(Enumerable.Repeat((0.0, 1), 100)));
    }

    [Test]
    public void A_delay_below_the_steps_of_timers_keeps_its_mean()
    {
        _rig.Add(new SlicerToxic { AverageSize = 1, Delay = TimeSpan.FromMicroseconds(100) });
        _rig.Send(Bytes(10_000));

        List<(double At, int Bytes)> pieces = _rig.Follow(10_000, late: 1.4);

        Assert.That(pieces, Has.Count.EqualTo(10_000));
        Assert.That(pieces[^1].At, Is.EqualTo(1000).Within(1).Percent);
    }

    [Test]
    public void A_longer_delay_is_never_cut_short()
    {
        _rig.Add(new SlicerToxic { AverageSize = 1, Delay = Ms(5) });
        _rig.Send(Bytes(100));

        List<(double At, int Bytes)> pieces = _rig.Follow(10_000, late: 1.4);

        Assert.That(pieces.Zip(pieces.Skip(1), static (one, next) => next.At - one.At), Is.All.GreaterThanOrEqualTo(5));
    }

    [Test]
    public void On_an_update_the_rest_of_the_read_goes_in_one_piece_and_the_next_read_is_cut_anew()
    {
        ToxicStage stage = _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(32));
        _rig.Receive();
        _rig.Send(Bytes(8));
        _rig.Now = Ms(5);

        stage.Change(new SlicerToxic { AverageSize = 2, Delay = Ms(1) }, _rig.Now);

        Assert.That(_rig.Follow(5), Is.EqualTo((List<(double, int)>)[(5, 28)]));
        Assert.That(_rig.Follow(1000).Select(static piece => piece.Bytes), Is.EqualTo((int[])[2, 2, 2, 2]));
    }

    [Test]
    public void On_removal_the_rest_goes_in_one_piece()
    {
        ToxicStage stage = _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(32));
        _rig.Receive();

        _rig.Remove(stage);

        Assert.That(_rig.Follow(0), Is.EqualTo((List<(double, int)>)[(0, 28)]));
    }

    [Test]
    public void The_end_follows_the_last_piece_at_once()
    {
        _rig.Add(new SlicerToxic { AverageSize = 4, Delay = Ms(10) });
        _rig.Send(Bytes(8));
        _rig.SendEnd();
        _rig.Receive();
        Assert.That(_rig.HasEnded, Is.False);

        _rig.ReceiveAt(10);

        Assert.That(_rig.HasEnded, Is.True);
    }
}
