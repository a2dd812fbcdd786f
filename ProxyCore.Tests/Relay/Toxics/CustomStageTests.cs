using ProxyCore.Relay;
using ProxyCore.Relay.Toxics;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

internal sealed class CustomStageTests
{
    private ToxicRig _rig = null!;
    private Recorder _recorder = null!;
    private ToxicStage _stage = null!;

    [SetUp]
    public void Create()
    {
        _rig = new ToxicRig();
        _recorder = new Recorder();
        _stage = _rig.Add(new CustomToxic(() => _recorder));
        _rig.Add(new NoOpToxic());
    }

    [TearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void What_is_written_passes_and_what_is_not_is_lost()
    {
        _recorder.OnBytesDo = static (bytes, output) => output.Write(bytes[1..]);

        _rig.Send(1, 2, 3);

        Assert.That(_rig.Receive(), Is.EqualTo((byte[])[2, 3]));
    }

    [Test]
    public void A_delayed_write_leaves_when_it_is_due_and_none_overtakes_another()
    {
        _recorder.OnBytesDo = static (_, output) =>
        {
            output.Write([1], Ms(100));
            output.Write([2], Ms(50));
            output.Write([3], Ms(150));
            output.Write([4]);
        };
        _rig.Now = Ms(10);
        _rig.Send(9);

        Assert.That((_rig.Receive().Length, _rig.NextDue), Is.EqualTo((0, (TimeSpan?)Ms(110))));
        Assert.That((_rig.ReceiveAt(110), _rig.NextDue), Is.EqualTo((new byte[] { 1, 2 }, (TimeSpan?)Ms(160))));
        Assert.That(_rig.ReceiveAt(160), Is.EqualTo((byte[])[3, 4]));
    }

    [Test]
    public void It_knows_the_time()
    {
        TimeSpan seen = default;
        _recorder.OnBytesDo = (_, output) => seen = output.Now;
        _rig.Now = Ms(42);

        _rig.Send(1);

        Assert.That(seen, Is.EqualTo(Ms(42)));
    }

    [Test]
    public void The_end_passes_by_itself()
    {
        _rig.SendEnd();

        Assert.That((_rig.HasEnded, _rig.Verdict), Is.EqualTo((true, StageVerdict.Continue)));
    }

    [Test]
    public void An_end_that_is_delayed_comes_behind_the_bytes_and_its_delay()
    {
        _recorder.OnEndDo = static output =>
        {
            output.Write([1], Ms(50));
            output.EndStream(Ms(100));
        };
        _rig.SendEnd();
        Assert.That(_rig.ReceiveAt(50), Is.EqualTo((byte[])[1]));
        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((false, (TimeSpan?)Ms(100))));

        _rig.Now = Ms(100);

        Assert.That((_rig.HasEnded, _rig.NextDue), Is.EqualTo((true, (TimeSpan?)null)));
    }

    [Test]
    public void An_end_that_is_not_handed_on_passes_with_the_removal()
    {
        _recorder.OnEndDo = static _ => { };
        _rig.SendEnd();
        _rig.Now = Ms(1_000_000);
        Assert.That(_rig.HasEnded, Is.False);

        _rig.Remove(_stage);

        Assert.That(_rig.HasEnded, Is.True);
    }

    [Test]
    public void It_may_end_the_stream_ahead_of_its_source()
    {
        _recorder.OnBytesDo = static (bytes, output) =>
        {
            output.Write(bytes, Ms(10));
            output.EndStream();
        };

        _rig.Send(1);

        Assert.That((_rig.Verdict, _rig.Room, _rig.HasEnded), Is.EqualTo((StageVerdict.End, 0, false)));
        Assert.That((_rig.ReceiveAt(10), _rig.HasEnded), Is.EqualTo((new byte[] { 1 }, true)));
    }

    [Test]
    public void It_may_close_the_connection_by_FIN_after_all_that_was_written()
    {
        _recorder.OnBytesDo = static (bytes, output) =>
        {
            output.Write(bytes, Ms(10));
            output.Close(ToxicEnd.Fin);
        };
        _rig.Send(1);
        Assert.That((_rig.Receive().Length, _rig.Verdict, _rig.Room), Is.EqualTo((0, StageVerdict.Continue, 0)));

        Assert.That(_rig.ReceiveAt(10), Is.EqualTo((byte[])[1]));

        Assert.That((_rig.Verdict, _rig.HasEnded), Is.EqualTo((StageVerdict.Close, true)));
    }

    [Test]
    public void It_may_reset_the_connection_at_once()
    {
        _recorder.OnBytesDo = static (bytes, output) =>
        {
            output.Write(bytes, Ms(10));
            output.Close();
        };

        _rig.Send(1);

        Assert.That(_rig.Verdict, Is.EqualTo(StageVerdict.Reset));
    }

    [Test]
    public void A_write_behind_the_end_is_refused()
    {
        _recorder.OnBytesDo = static (bytes, output) =>
        {
            output.EndStream();
            output.Write(bytes);
        };

        Assert.That(() => _rig.Send(1), Throws.InvalidOperationException);
    }

    [TestCase(-1.0)]
    [TestCase(366 * 24 * 3600 * 1000.0)]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void A_delay_out_of_range_is_refused(double milliseconds)
    {
        _recorder.OnBytesDo = (bytes, output) => output.Write(bytes, Ms(milliseconds));

        Assert.That(() => _rig.Send(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    [NotUnderWine(NotUnderWineAttribute.Exceptions)]
    public void An_exception_reaches_the_loop()
    {
        _recorder.OnBytesDo = static (_, _) => throw new FormatException();

        Assert.That(() => _rig.Send(1), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void After_the_removal_it_is_told_once_and_asked_no_more_and_what_was_written_passes_at_once()
    {
        _recorder.OnBytesDo = static (bytes, output) => output.Write(bytes, Ms(1000));
        _rig.Send(1);
        _rig.Remove(_stage);
        _recorder.OnBytesDo = static (_, _) => Assert.Fail("it was removed");

        _rig.Send(2);
        _rig.SendEnd();

        Assert.That((_rig.Receive(), _rig.HasEnded), Is.EqualTo((new byte[] { 1, 2 }, true)));
        _rig.Chain.Release();
        Assert.That(_recorder.Removals, Is.EqualTo(1));
    }

    [Test]
    public void At_the_end_of_the_connection_it_is_told_once_and_a_fault_of_it_keeps_nothing_from_being_released()
    {
        _recorder.OnBytesDo = static (bytes, output) => output.Write(bytes, Ms(1000));
        _recorder.OnRemovedDo = static () => throw new FormatException();
        _rig.Send(1);

        _rig.Chain.Release();

        Assert.That((_recorder.Removals, _rig.Rented), Is.EqualTo((1, 0L)));
    }

    private delegate void Handler(ReadOnlySpan<byte> bytes, ToxicOutput output);

    private sealed class Recorder : IToxicStage
    {
        internal int Removals { get; private set; }

        internal Handler OnBytesDo { get; set; } = static (bytes, output) => output.Write(bytes);

        internal Action<ToxicOutput> OnEndDo { get; set; } = static output => output.EndStream();

        internal Action OnRemovedDo { get; set; } = static () => { };

        public void OnBytes(ReadOnlySpan<byte> bytes, ToxicOutput output) => OnBytesDo(bytes, output);

        public void OnEnd(ToxicOutput output) => OnEndDo(output);

        public void OnRemoved()
        {
            Removals++;
            OnRemovedDo();
        }
    }
}
