using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Diagnostics;

/// <summary>
/// The access log of a proxy: a bounded queue between the loops, which never wait for it, and one writer in the
/// background. There is one for the proxy's whole life; a change of options gives it another sink, or none.
/// </summary>
/// <remarks>Any thread; <see cref="Use"/> and <see cref="CompleteAsync"/> one at a time.</remarks>
internal sealed class AccessLog
{
    internal const int DefaultCapacity = 8192;
    private const int MostAtOnce = 256;
    private const string QueueFull = "more connections ended than could be written";

    // With one write for all that ended meanwhile, opening the file for each write costs little.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestFlush = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _flushLimit;
    private readonly Channel<Entry> _queue;
    private readonly AccessLogDrops _drops;
    private readonly TaskCompletionSource _completing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IAccessLogSink? _sink;
    private volatile bool _isGivenUp;
    private Task? _writing;

    internal AccessLog(ILogger logger, int capacity = DefaultCapacity, TimeSpan? flushLimit = null)
    {
        _flushLimit = flushLimit ?? _longestFlush;
        _queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _drops = new AccessLogDrops(logger);
    }

    internal bool IsOn => _sink is not null;

    /// <summary>How many connections are missing from it.</summary>
    internal long Dropped => _drops.Count;

    /// <summary>Writes later connections to <paramref name="sink"/>; those in the queue still go to the sink before. Null ends it.</summary>
    internal void Use(IAccessLogSink? sink)
    {
        _sink = sink;
        if (sink is not null && _writing is null)
        {
            _writing = StartWriting();
        }
    }

    /// <summary>Takes a connection that has ended. Never waits.</summary>
    internal void Add(EndedConnection ended)
    {
        if (_sink is { } sink && !_queue.Writer.TryWrite(new Entry(sink, ended)))
        {
            _drops.Note(new AccessLogLoss(1, QueueFull));
        }
    }

    /// <summary>Takes nothing more; completes when what is queued is written, or it takes too long.</summary>
    internal async Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        _completing.TrySetResult();
        if (_writing is { IsCompleted: false } writing)
        {
            Task limit = Task.Delay(_flushLimit);
            _isGivenUp = await Task.WhenAny(writing, limit).ConfigureAwait(false) == limit;
        }

        if (_queue.Reader.Count is > 0 and var left)
        {
            _drops.Note(new AccessLogLoss(left, "what was left at the stop could not be written in time"));
        }

        _drops.ReportRest();
    }

    private Task StartWriting() => ContextFree.Run(() => Task.Run(WriteAllAsync));

    private async Task WriteAllAsync()
    {
        var batch = new List<EndedConnection>(MostAtOnce);
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (!_isGivenUp && Take(batch) is { } sink)
            {
                if (sink.Write(batch) is { } loss)
                {
                    _drops.Note(loss);
                }

                batch.Clear();
            }

            if (_isGivenUp)
            {
                return;
            }

            await Task.WhenAny(Task.Delay(_pause), _completing.Task).ConfigureAwait(false);
        }
    }

    /// <summary>The next that go to one sink, and that sink; null when there are none.</summary>
    private IAccessLogSink? Take(List<EndedConnection> batch)
    {
        IAccessLogSink? sink = null;
        while (batch.Count < MostAtOnce && _queue.Reader.TryPeek(out Entry next) && (sink ??= next.Sink) == next.Sink)
        {
            batch.Add(next.Ended);
            _queue.Reader.TryRead(out _);
        }

        return sink;
    }

    private readonly record struct Entry(IAccessLogSink Sink, EndedConnection Ended);
}
