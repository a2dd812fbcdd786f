using Microsoft.Extensions.Time.Testing;
using Moq;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

internal sealed class LoopClockTests
{
    private const int Forever = -1;

    [TestCase(0.1)]
    [TestCase(0.9)]
    public void The_timeout_rounds_less_than_a_millisecond_up_to_one(double milliseconds)
    {
        using var clock = new LoopClock(TimeProvider.System, static () => { });
        TimeSpan due;
        int timeout;
        do
        {
            due = clock.Elapsed + TimeSpan.FromMilliseconds(milliseconds);
            timeout = clock.MicrosecondsUntil(due);
        }
        while (clock.Elapsed >= due);

        Assert.That(timeout, Is.EqualTo(1000));
    }

    [Test]
    public void The_timeout_is_in_whole_milliseconds_and_never_short([Values(1.5, 99.9, 1000, 60_000.3)] double milliseconds)
    {
        using var clock = new LoopClock(TimeProvider.System, static () => { });
        TimeSpan due = clock.Elapsed + TimeSpan.FromMilliseconds(milliseconds);

        int timeout = clock.MicrosecondsUntil(due);

        Assert.That(timeout % 1000, Is.Zero);
        Assert.That(timeout, Is.GreaterThanOrEqualTo((due - clock.Elapsed).TotalMicroseconds));
        Assert.That(timeout, Is.LessThan((milliseconds + 1) * 1000));
    }

    [Test]
    public void The_timeout_is_infinite_when_nothing_is_due()
    {
        using var clock = new LoopClock(TimeProvider.System, static () => { });

        Assert.That(clock.MicrosecondsUntil(null), Is.EqualTo(Forever));
    }

    [Test]
    public void The_timeout_is_zero_for_what_is_due_already()
    {
        using var clock = new LoopClock(TimeProvider.System, static () => { });

        Assert.That(clock.MicrosecondsUntil(TimeSpan.Zero), Is.Zero);
    }

    [Test]
    public void The_timeout_is_half_an_hour_at_most()
    {
        using var clock = new LoopClock(TimeProvider.System, static () => { });

        Assert.That(clock.MicrosecondsUntil(TimeSpan.FromDays(365)), Is.EqualTo(30 * 60 * 1_000_000));
    }

    [Test]
    public void Any_other_clock_wakes_the_loop_itself_when_something_is_due()
    {
        var time = new FakeTimeProvider();
        int wakes = 0;
        using var clock = new LoopClock(time, () => wakes++);

        Assert.That(clock.MicrosecondsUntil(TimeSpan.FromMinutes(5)), Is.EqualTo(Forever));
        time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.That(wakes, Is.Zero);

        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(wakes, Is.EqualTo(1));
        Assert.That(clock.MicrosecondsUntil(TimeSpan.FromMinutes(5)), Is.Zero);
    }

    [Test]
    public void An_alarm_is_set_again_when_the_clock_moved_meanwhile()
    {
        var alarm = new Mock<ITimer>();
        var time = new Mock<TimeProvider> { CallBase = true };
        time.Setup(provider => provider.CreateTimer(
            It.IsAny<TimerCallback>(), It.IsAny<object?>(), It.IsAny<TimeSpan>(), It.IsAny<TimeSpan>())).Returns(alarm.Object);
        time.Setup(provider => provider.TimestampFrequency).Returns(1000);
        time.SetupSequence(provider => provider.GetTimestamp()).Returns(0)
            .Returns(0).Returns(400)
            .Returns(400).Returns(400);
        using var clock = new LoopClock(time.Object, static () => { });

        Assert.That(clock.MicrosecondsUntil(TimeSpan.FromSeconds(1)), Is.EqualTo(Forever));

        alarm.Verify(timer => timer.Change(TimeSpan.FromMilliseconds(600), Timeout.InfiniteTimeSpan), Times.Once);
    }

    [Test]
    public void Dispose_ends_the_alarm()
    {
        var time = new FakeTimeProvider();
        int wakes = 0;
        var clock = new LoopClock(time, () => wakes++);
        clock.MicrosecondsUntil(TimeSpan.FromMinutes(1));

        clock.Dispose();
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.That(wakes, Is.Zero);
    }
}
