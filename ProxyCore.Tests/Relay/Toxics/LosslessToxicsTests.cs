using CsCheck;
using ProxyCore.Relay.Toxics;
using static ProxyCore.Tests.Relay.Toxics.ToxicRig;

namespace ProxyCore.Tests.Relay.Toxics;

/// <summary>
/// Toxics that lose nothing: whatever comes, changes and goes while bytes are on their way, all arrive once, in order, and the
/// end behind them. A failure prints the seed that repeats it.
/// </summary>
internal sealed class LosslessToxicsTests
{
    private const int Kinds = 6;

    private static readonly Gen<(int What, int Number)[]> _steps = Gen.Select(Gen.Int[0, 13], Gen.Int[0, 9999]).Array[1, 80];

    private ToxicRig _rig = null!;

    [OneTimeSetUp]
    public void Create() => _rig = new ToxicRig();

    [OneTimeTearDown]
    public void Dispose() => _rig.Dispose();

    [Test]
    public void No_byte_is_lost_doubled_or_overtaken_and_the_end_comes_last() => _steps.Sample(
        steps =>
        {
            _rig.Renew();
            var run = new Run(_rig);
            foreach ((int what, int number) in steps)
            {
                run.Do(what, number);
            }

            run.Finish();
            _rig.Renew();
            Assert.That(_rig.Rented, Is.Zero);
        },
        iter: 3000,
        threads: 1);

    private static Toxic Make(int kind, int number) => kind switch
    {
        0 => new LatencyToxic { Latency = Ms(number % 70), Jitter = Ms(number % 40) },
        1 => new BandwidthToxic { BytesPerSecond = number % 5 == 0 ? 0 : 1000 * number },
        2 => new SlicerToxic { AverageSize = 20 + (number % 500), SizeVariation = number % 20, Delay = Ms(number % 3) },
        3 => new SlowCloseToxic { Delay = Ms(number % 90) },
        4 => new StallToxic(),
        _ => new NoOpToxic(),
    };

    private sealed class Run(ToxicRig rig)
    {
        private readonly List<(int Kind, ToxicStage Stage)> _stages = [];
        private int _sent;
        private int _received;
        private bool _isEndSent;

        internal void Do(int what, int number)
        {
            switch (what)
            {
                case < 4:
                    Send(number % 5000);
                    break;
                case < 7:
                    Receive(number);
                    break;
                case < 9:
                    rig.Now += TimeSpan.FromMicroseconds(number * 10);
                    break;
                case 9 when rig.Chain.IsEmpty && _isEndSent:
                    break;
                case 9:
                    _stages.Add((number % Kinds, rig.Add(Make(number % Kinds, number), (ulong)number)));
                    break;
                case 10 when _stages.Count > 0:
                    (int kind, ToxicStage stage) = _stages[number % _stages.Count];
                    stage.Change(Make(kind, number), rig.Now);
                    break;
                case 11 when _stages.Count > 0:
                    Remove(number % _stages.Count);
                    break;
                case 12 when number % 4 == 0 && !rig.Chain.IsEmpty:
                    SendEnd();
                    break;
                case 13:
                    ReceiveAll();
                    break;
            }
        }

        /// <summary>Without toxics that hold back for good all arrives by time alone.</summary>
        internal void Finish()
        {
            for (int i = _stages.Count - 1; i >= 0; i--)
            {
                if (_stages[i].Kind is 1 or 4)
                {
                    Remove(i);
                }
            }

            ReceiveAll();
            SendEnd();
            ReceiveAll();
            while (!IsOver)
            {
                Assert.That(rig.NextDue, Is.Not.Null, "nothing would move it on");
                rig.Now = rig.NextDue!.Value;
                ReceiveAll();
            }

            Assert.That((_received, rig.Receive().Length), Is.EqualTo((_sent, 0)));
        }

        private bool IsOver => rig.Chain.IsEmpty ? _isEndSent : _isEndSent && rig.HasEnded;

        private void Send(int count)
        {
            if (_isEndSent)
            {
                return;
            }

            if (rig.Chain.IsEmpty)
            {
                // Nothing is between source and sink.
                _sent += count;
                _received += count;
                return;
            }

            count = Math.Min(count, rig.Room);
            if (count > 0)
            {
                rig.Send(Bytes(count, first: _sent));
                _sent += count;
            }
        }

        private void SendEnd()
        {
            if (!_isEndSent && !rig.Chain.IsEmpty)
            {
                rig.SendEnd();
            }

            _isEndSent = true;
        }

        private void Remove(int index)
        {
            rig.Remove(_stages[index].Stage);
            _stages.RemoveAt(index);
        }

        private void Receive(int most)
        {
            byte[] bytes = rig.Receive(most);
            Assert.That(bytes.AsSpan().SequenceEqual(Bytes(bytes.Length, first: _received)), Is.True, "order");
            _received += bytes.Length;
            if (rig.HasEnded)
            {
                Assert.That((_received, _isEndSent), Is.EqualTo((_sent, true)), "the end comes last");
            }
        }

        private void ReceiveAll()
        {
            Receive(int.MaxValue);
            Assert.That(rig.NextDue is not { } due || due > rig.Now, Is.True, "a time that has passed makes the loop spin");
        }
    }
}
