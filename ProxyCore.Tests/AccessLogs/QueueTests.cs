using Microsoft.Extensions.Logging;
using Moq;
using ProxyCore.Diagnostics;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.AccessLogs;

/// <summary>Between the loops and whatever takes the lines: bounded, never waited for, and nothing is lost unsaid.</summary>
internal sealed class QueueTests
{
    private RecordedLog _log = null!;

    [SetUp]
    public void MakeLog() => _log = new RecordedLog(LogLevel.Debug);

    [TearDown]
    public void DisposeLog() => _log.Dispose();

    [Test]
    public async Task What_is_queued_is_written_at_the_end_in_order()
    {
        var sink = new GatedSink(isOpen: true);
        var accessLog = new AccessLog(_log);
        accessLog.Use(sink);

        Add(accessLog, 1000);
        await accessLog.CompleteAsync();

        Assert.That(sink.Ids, Is.EqualTo(Enumerable.Range(1, 1000)));
        Assert.That(accessLog.Dropped, Is.Zero);
    }

    [Test]
    public async Task What_does_not_fit_is_dropped_counted_and_told_once()
    {
        var sink = new GatedSink(isOpen: false);
        var accessLog = new AccessLog(_log, capacity: 10);
        accessLog.Use(sink);
        Add(accessLog, 1);
        await sink.Entered;

        Add(accessLog, 25, from: 2);

        Assert.That(accessLog.Dropped, Is.EqualTo(15));
        Assert.That(_log.CountOf("AccessLogDropped"), Is.EqualTo(1));
        sink.Open();
        await accessLog.CompleteAsync();
        Assert.That(sink.Ids, Is.EqualTo(Enumerable.Range(1, 11)));
        LogEntry last = await _log.Saw("AccessLogDropped", 2);
        Assert.That(last.Text, Is.EqualTo("14 connections are missing from the access log: more connections ended than could be written"));
    }

    [Test]
    public async Task Sink_that_never_returns_does_not_hold_up_the_end()
    {
        var sink = new GatedSink(isOpen: false);
        var accessLog = new AccessLog(_log, flushLimit: TimeSpan.FromMilliseconds(100));
        accessLog.Use(sink);
        Add(accessLog, 1);
        await sink.Entered;
        Add(accessLog, 5, from: 2);

        await Bound.Within("the end", accessLog.CompleteAsync());

        Assert.That(accessLog.Dropped, Is.EqualTo(5));
        Assert.That((await _log.Saw("AccessLogDropped")).Text, Does.StartWith("5 connections are missing"));
        sink.Open();
    }

    [Test]
    public async Task What_came_before_a_change_of_sinks_goes_to_the_one_before()
    {
        var first = new GatedSink(isOpen: false);
        var second = new GatedSink(isOpen: true);
        var accessLog = new AccessLog(_log);
        accessLog.Use(first);
        Add(accessLog, 3);
        accessLog.Use(second);
        Add(accessLog, 2, from: 4);
        accessLog.Use(null);
        Add(accessLog, 1, from: 6);

        first.Open();
        await accessLog.CompleteAsync();

        Assert.That(first.Ids, Is.EqualTo([1, 2, 3]));
        Assert.That(second.Ids, Is.EqualTo([4, 5]));
    }

    [Test]
    public async Task Loss_of_a_sink_is_counted_and_the_next_is_tried_again()
    {
        var sink = new Mock<IAccessLogSink>();
        sink.SetupSequence(static s => s.Write(It.IsAny<IReadOnlyList<EndedConnection>>()))
            .Returns(new AccessLogLoss(1, "the disk is full"))
            .Returns((AccessLogLoss?)null);
        var accessLog = new AccessLog(_log);
        accessLog.Use(sink.Object);

        Add(accessLog, 1);
        Assert.That((await _log.Saw("AccessLogDropped")).Text, Is.EqualTo("1 connections are missing from the access log: the disk is full"));
        Add(accessLog, 1);
        await accessLog.CompleteAsync();

        Assert.That(accessLog.Dropped, Is.EqualTo(1));
        sink.Verify(static s => s.Write(It.IsAny<IReadOnlyList<EndedConnection>>()), Times.Exactly(2));
    }

    [Test]
    public void Logger_that_throws_loses_what_it_throws_at_only()
    {
        var logger = new Mock<ILogger>();
        logger.Setup(static l => l.IsEnabled(LogLevel.Information)).Returns(true);
        int calls = 0;
        logger
            .Setup(static l => l.Log(
                LogLevel.Information, It.IsAny<EventId>(), It.IsAny<It.IsAnyType>(), null, It.IsAny<Func<It.IsAnyType, Exception?, string>>()))
            .Callback(() =>
            {
                if (++calls == 2)
                {
                    throw new InvalidDataException("the second");
                }
            });

        AccessLogLoss? loss = new AccessLogLogger(logger.Object).Write(Sample.Batch(3));

        Assert.That(loss, Is.EqualTo(new AccessLogLoss(1, "the logger failed: the second")));
        Assert.That(calls, Is.EqualTo(3));
    }

    [Test]
    public void Logger_gets_one_event_with_named_values()
    {
        IReadOnlyList<KeyValuePair<string, object?>> state = [];
        var logger = new Mock<ILogger>();
        logger.Setup(static l => l.IsEnabled(LogLevel.Information)).Returns(true);
        logger
            .Setup(static l => l.Log(
                LogLevel.Information, It.IsAny<EventId>(), It.IsAny<It.IsAnyType>(), null, It.IsAny<Func<It.IsAnyType, Exception?, string>>()))
            .Callback(new InvocationAction(call => state = (IReadOnlyList<KeyValuePair<string, object?>>)call.Arguments[2]!));

        new AccessLogLogger(logger.Object).Write(Sample.Batch(1));

        var values = state.ToDictionary();
        Assert.That((values["ConnectionId"], values["Reason"], values["EndedBy"], values["BytesToClient"]), Is.EqualTo((1L, "ClientFin", "client", 56789L)));
        Assert.That(state[^1].Key, Is.EqualTo("{OriginalFormat}"));
        Assert.That(state.ToString(), Does.StartWith("1 web 192.0.2.7:51234 10.0.0.2:5432 ClientFin client/relaying attempts=1 "));
    }

    private static void Add(AccessLog accessLog, int count, int from = 1)
    {
        foreach (int id in Enumerable.Range(from, count))
        {
            accessLog.Add(Sample.Ended(Sample.Report(id)));
        }
    }

    /// <summary>A sink that is stuck until it is opened.</summary>
    private sealed class GatedSink : IAccessLogSink
    {
        private readonly TaskCompletionSource _gate = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal GatedSink(bool isOpen)
        {
            if (isOpen)
            {
                Open();
            }
        }

        internal List<long> Ids { get; } = [];

        internal Task Entered => Bound.Within("the sink is written to", _entered.Task);

        internal void Open() => _gate.TrySetResult();

        public AccessLogLoss? Write(IReadOnlyList<EndedConnection> batch)
        {
            _entered.TrySetResult();
            _gate.Task.Wait(Bound.Wait);
            Ids.AddRange(batch.Select(static ended => ended.Report.Id));
            return null;
        }
    }
}
