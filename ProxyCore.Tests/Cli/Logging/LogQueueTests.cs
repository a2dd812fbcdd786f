using System.Collections.Concurrent;
using System.Diagnostics;
using ProxyCore.Cli.Logging;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli.Logging;

/// <summary>Log lines on their way to an output that fails or takes nothing.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class LogQueueTests
{
    [Test]
    public void After_a_write_has_failed_no_line_is_written_by_the_thread_that_logs_it()
    {
        var output = new Output { Fails = true };
        using (var queue = new LogQueue(output.TryWrite, FormatLoss))
        {
            for (int i = 0; i < 300; i++)
            {
                queue.Enqueue($"{i}");
            }
        }

        Assert.That(output.Threads, Has.Count.EqualTo(1).And.None.EqualTo(Environment.CurrentManagedThreadId));
    }

    [Test]
    public async Task Once_writes_succeed_again_the_log_goes_on_and_says_how_many_lines_were_lost()
    {
        var output = new Output { Fails = true };
        using var queue = new LogQueue(output.TryWrite, FormatLoss);
        queue.Enqueue("one");
        queue.Enqueue("two");
        await output.Wrote(2);

        output.Fails = false;
        queue.Enqueue("three");
        queue.Enqueue("four");

        await output.Has("four");
        Assert.That(output.Lines, Is.EqualTo(["lost 2", "three", "four"]));
    }

    [Test]
    public async Task While_the_output_takes_nothing_logging_goes_on_at_once_and_what_has_no_room_is_counted_in_its_place()
    {
        const int More = 1000;
        using var mayWrite = new ManualResetEventSlim();
        var output = new Output { Gate = mayWrite };
        using var queue = new LogQueue(output.TryWrite, FormatLoss);
        queue.Enqueue("first");
        await output.Wrote(1);
        long begin = Stopwatch.GetTimestamp();

        for (int i = 0; i < LogQueue.Capacity + More; i++)
        {
            queue.Enqueue($"{i}");
        }

        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(Bound.Wait));
        mayWrite.Set();
        await output.Has($"lost {More}");
        queue.Enqueue("next");
        await output.Has("next");
        Assert.That(
            output.Lines,
            Is.EqualTo(["first", .. Enumerable.Range(0, LogQueue.Capacity).Select(static i => $"{i}"), $"lost {More}", "next"]));
    }

    [Test]
    public async Task Once_full_it_takes_lines_again_only_when_half_of_it_is_written()
    {
        using var written = new SemaphoreSlim(0);
        var output = new Output { Step = written };
        using var queue = new LogQueue(output.TryWrite, FormatLoss);
        queue.Enqueue("first");
        await output.Wrote(1);
        for (int i = 0; i < LogQueue.Capacity + 1; i++)
        {
            queue.Enqueue("old");
        }

        written.Release(LogQueue.Capacity / 4);
        await output.Wrote((LogQueue.Capacity / 4) + 1);
        queue.Enqueue("too early");
        written.Release(LogQueue.Capacity);
        await output.Wrote(LogQueue.Capacity + 1);
        queue.Enqueue("in time");
        written.Release(3);

        await output.Has("in time");
        Assert.That(output.Lines, Has.None.EqualTo("too early"));
        Assert.That(output.Lines[^2..], Is.EqualTo(["lost 2", "in time"]));
    }

    [Test]
    public void What_is_queued_is_written_before_it_is_closed()
    {
        var output = new Output();
        using (var queue = new LogQueue(output.TryWrite, FormatLoss))
        {
            queue.Enqueue("last");
        }

        Assert.That(output.Lines, Is.EqualTo(["last"]));
    }

    [Test]
    public void An_output_that_takes_nothing_does_not_hold_up_the_end()
    {
        using var mayWrite = new ManualResetEventSlim();
        var output = new Output { Gate = mayWrite };
        var queue = new LogQueue(output.TryWrite, FormatLoss);
        queue.Enqueue("never written");
        long begin = Stopwatch.GetTimestamp();

        queue.Dispose();

        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(Bound.Wait));
        mayWrite.Set();
    }

    private static string FormatLoss(long lines) => $"lost {lines}";

    /// <summary>What a queue writes to.</summary>
    private sealed class Output
    {
        private readonly ConcurrentQueue<string> _lines = [];
        private int _calls;

        internal volatile bool Fails;

        internal ManualResetEventSlim? Gate { get; init; }

        internal SemaphoreSlim? Step { get; init; }

        internal ConcurrentDictionary<int, bool> ThreadIds { get; } = [];

        internal ICollection<int> Threads => ThreadIds.Keys;

        internal string[] Lines => [.. _lines];

        internal bool TryWrite(string line)
        {
            ThreadIds[Environment.CurrentManagedThreadId] = true;
            Interlocked.Increment(ref _calls);
            Gate?.Wait();
            Step?.Wait();
            if (!Fails)
            {
                _lines.Enqueue(line);
            }

            return !Fails;
        }

        internal Task<bool> Wrote(int times) => Until($"{times} writes", () => Volatile.Read(ref _calls) >= times);

        internal Task<bool> Has(string line) => Until(line, () => _lines.Contains(line));

        private static Task<bool> Until(string what, Func<bool> isSo) => Bound.Within(what, async token =>
        {
            while (!isSo())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), token);
            }

            return true;
        });
    }
}
