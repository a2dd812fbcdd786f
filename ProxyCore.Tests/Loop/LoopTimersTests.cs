using System.Runtime.CompilerServices;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

internal sealed class LoopTimersTests
{
    private readonly Member _owner = new();
    private LoopTimers _timers = null!;

    [SetUp]
    public void MakeTimers() => _timers = new LoopTimers();

    [Test]
    public void Timers_come_due_in_the_order_of_their_times()
    {
        LoopTimer late = Armed(30);
        LoopTimer early = Armed(10);
        LoopTimer middle = Armed(20);

        Assert.That(TakeAllDue(100), Is.EqualTo([early, middle, late]));
    }

    [Test]
    public void TakeDue_leaves_what_is_due_later()
    {
        LoopTimer early = Armed(10);
        Armed(20);

        Assert.That(TakeAllDue(19), Is.EqualTo([early]));
        Assert.That(_timers.NextDue, Is.EqualTo(At(20)));
    }

    [Test]
    public void TakeDue_takes_what_is_due_now()
    {
        LoopTimer timer = Armed(10);

        Assert.That(_timers.TakeDue(At(10)), Is.SameAs(timer));
        Assert.That(timer.IsArmed, Is.False);
    }

    [Test]
    public void NextDue_is_null_when_nothing_is_armed() => Assert.That(_timers.NextDue, Is.Null);

    [TestCase(5)]
    [TestCase(25)]
    [TestCase(35)]
    public void Arm_moves_a_timer_that_is_armed(int to)
    {
        Armed(10);
        LoopTimer moved = Armed(20);
        Armed(30);

        _timers.Arm(moved, At(to));

        Assert.That(_timers.Count, Is.EqualTo(3));
        Assert.That(TakeAllDue(100).Select(static timer => timer.Due), Is.EqualTo(new[] { 10, 30, to }.Order().Select(At)));
    }

    [Test]
    public void Cancel_disarms_and_does_nothing_the_second_time()
    {
        LoopTimer timer = Armed(10);
        LoopTimer other = Armed(20);

        _timers.Cancel(timer);
        _timers.Cancel(timer);

        Assert.That(timer.IsArmed, Is.False);
        Assert.That(_timers.Count, Is.EqualTo(1));
        Assert.That(TakeAllDue(100), Is.EqualTo([other]));
    }

    [Test]
    public void A_cancelled_timer_is_kept_alive_by_nothing([Values(0, 1, 2)] int which)
    {
        WeakReference cancelled = ArmThreeAndCancel(which);
        GC.Collect();

        Assert.That(cancelled.IsAlive, Is.False);
        Assert.That(_timers.Count, Is.EqualTo(2));
    }

    [Test]
    public void Every_sequence_of_changes_agrees_with_a_sorted_list([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        LoopTimer[] timers = [.. Enumerable.Range(0, 100).Select(_ => NewTimer())];
        var model = new Dictionary<LoopTimer, TimeSpan>();
        for (int step = 0; step < 3000; step++)
        {
            LoopTimer timer = timers[random.Next(timers.Length)];
            switch (random.Next(6))
            {
                case 0:
                    _timers.Cancel(timer);
                    model.Remove(timer);
                    break;
                case 1:
                    TakeOneDue(model, At(random.Next(1000)));
                    break;
                default:
                    model[timer] = At(random.Next(1000));
                    _timers.Arm(timer, model[timer]);
                    break;
            }

            CheckAgainst(model, timers);
        }

        Assert.That(TakeAllDue(1000).Select(static timer => timer.Due), Is.EqualTo(model.Values.Order()));
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private CallbackTimer NewTimer() => new(_owner, static () => { });

    private LoopTimer Armed(int due)
    {
        LoopTimer timer = NewTimer();
        _timers.Arm(timer, At(due));
        return timer;
    }

    private List<LoopTimer> TakeAllDue(int now)
    {
        var taken = new List<LoopTimer>();
        while (_timers.TakeDue(At(now)) is { } timer)
        {
            taken.Add(timer);
        }

        return taken;
    }

    private void TakeOneDue(Dictionary<LoopTimer, TimeSpan> model, TimeSpan now)
    {
        TimeSpan? earliest = model.Count == 0 ? null : model.Values.Min();
        LoopTimer? taken = _timers.TakeDue(now);
        Assert.That(taken is not null, Is.EqualTo(earliest <= now));
        if (taken is not null)
        {
            Assert.That(model[taken], Is.EqualTo(earliest));
            model.Remove(taken);
        }
    }

    private void CheckAgainst(Dictionary<LoopTimer, TimeSpan> model, LoopTimer[] timers)
    {
        TimeSpan? earliest = model.Count == 0 ? null : model.Values.Min();
        bool agrees = _timers.Count == model.Count
            && _timers.NextDue == earliest
            && Array.TrueForAll(timers, timer => timer.IsArmed == model.ContainsKey(timer));
        if (!agrees)
        {
            Assert.Fail($"{_timers.Count} armed, next {_timers.NextDue}; expected {model.Count} and {earliest}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference ArmThreeAndCancel(int which)
    {
        LoopTimer[] timers = [Armed(10), Armed(20), Armed(30)];
        _timers.Cancel(timers[which]);
        return new WeakReference(timers[which]);
    }
}
