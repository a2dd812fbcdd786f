using ProxyCore.Relay.Stages;
using ProxyCore.Settings;

namespace ProxyCore.Tests.Relay;

/// <summary>What many directions take from one rate, at times that the tests choose.</summary>
internal sealed class BandwidthBucketTests
{
    private const int BytesPerSecond = 1_000_000;
    private const int Burst = 100_000;
    private const int Turn = 10_000;
    private const int SharedTurn = 4000;

    // Far from zero, as a clock that began when the machine did.
    private const long Start = 1000 * TimeSpan.TicksPerSecond;

    private readonly BandwidthLimit _limit = new(new Rate(BytesPerSecond, Burst));

    [Test]
    public void A_burst_is_allowed_at_once_and_then_what_time_brings()
    {
        var bucket = new BandwidthBucket(_limit);
        Assert.That(bucket.Room(Start), Is.EqualTo(Burst));

        bucket.Pay(Start, Burst);

        Assert.That(
            (bucket.Room(Start), bucket.Room(After(0.009)), bucket.Room(After(0.05)), bucket.Room(After(10))),
            Is.EqualTo((0, 0, Turn, Burst)));
    }

    [Test]
    public void Those_that_wait_get_a_turn_each_in_the_order_in_which_they_came()
    {
        var bucket = new BandwidthBucket(_limit);
        bucket.Join();
        bucket.Join();
        bucket.Pay(Start, Burst);

        (int Bytes, long Due)[] turns = [.. Enumerable.Range(0, 8).Select(_ => bucket.Book(Start))];

        long due = Start;
        foreach ((int bytes, long turn) in turns)
        {
            due += Ticks(bytes);
            Assert.That(turn, Is.EqualTo(due));
        }

        Assert.That(turns.Select(static turn => turn.Bytes), Has.All.EqualTo(SharedTurn));
    }

    [Test]
    public void What_was_booked_and_not_used_is_there_for_the_next()
    {
        var bucket = new BandwidthBucket(_limit);
        bucket.Pay(Start, Burst);
        (int bytes, long due) = bucket.Book(Start);

        bucket.PayBack(bytes);

        Assert.That(bucket.Book(Start), Is.EqualTo((bytes, due)));
    }

    [Test]
    public void A_pause_saves_no_more_than_a_burst_even_when_a_payment_comes_back_late()
    {
        var bucket = new BandwidthBucket(_limit);
        bucket.Pay(Start, Burst);
        (int bytes, _) = bucket.Book(Start);

        bucket.PayBack(bytes);

        Assert.That(bucket.Room(After(60)), Is.EqualTo(Burst));
    }

    [Test]
    public void A_new_rate_applies_at_once_and_what_the_old_one_made_owe_is_forgotten()
    {
        var limit = new BandwidthLimit(new Rate(1024, 16 * 1024));
        var bucket = new BandwidthBucket(limit);
        bucket.Pay(Start, 1_000_000);

        limit.Use(new Rate(BytesPerSecond, Burst));

        Assert.That((bucket.Room(Start), bucket.Room(After(0.01)), bucket.Room(After(0.1))), Is.EqualTo((0, Turn, Burst)));
    }

    [Test]
    public void Threads_that_take_from_it_at_once_get_no_more_than_the_rate()
    {
        const int Threads = 4;
        const int Rounds = 20_000;
        var bucket = new BandwidthBucket(_limit);
        long[] last = new long[Threads];

        Parallel.For(0, Threads, thread =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                last[thread] = bucket.Book(Start).Due;
            }
        });

        // The burst was there at the beginning.
        Assert.That(last.Max() - Start, Is.EqualTo(Ticks(((long)Threads * Rounds * Turn) - Burst)));
    }

    [TestCase(1024)]
    [TestCase(50_000)]
    [TestCase(1_000_000)]
    [TestCase(100_000_000)]
    [TestCase(2_000_000_000)]
    public void The_rate_is_exact_whatever_its_size(int bytesPerSecond)
    {
        var bucket = new BandwidthBucket(new BandwidthLimit(new Rate(bytesPerSecond, Math.Max(bytesPerSecond / 10, 16 * 1024))));
        bucket.Pay(Start, bucket.Room(Start));
        long bytes = 0;
        long now = Start;

        while (now < After(100))
        {
            (int turn, now) = bucket.Book(now);
            bytes += turn;
        }

        double seconds = (now - Start) / (double)TimeSpan.TicksPerSecond;
        Assert.That(bytes / seconds, Is.EqualTo(bytesPerSecond).Within(0.1).Percent);
    }

    [Test]
    public void Loops_whose_clocks_began_at_different_times_share_it()
    {
        var bucket = new BandwidthBucket(_limit);
        var early = new BandwidthStage(bucket, TimeSpan.FromSeconds(1000));
        var late = new BandwidthStage(bucket, TimeSpan.FromSeconds(1500));

        early.Take(new byte[Burst], TimeSpan.FromSeconds(600));

        Assert.That(late.Room(TimeSpan.FromSeconds(100)), Is.Zero);
        Assert.That(late.Room(TimeSpan.FromMilliseconds(100_004)), Is.EqualTo(SharedTurn));
        late.Take(new byte[SharedTurn], TimeSpan.FromMilliseconds(100_004));
        early.BeginWait(TimeSpan.FromMilliseconds(600_004));
        Assert.That(early.NextDue(TimeSpan.FromMilliseconds(600_004)), Is.EqualTo(TimeSpan.FromMilliseconds(600_008)));
    }

    private static long After(double seconds) => Start + (long)(seconds * TimeSpan.TicksPerSecond);

    private static long Ticks(long bytes) => bytes * TimeSpan.TicksPerSecond / BytesPerSecond;
}
