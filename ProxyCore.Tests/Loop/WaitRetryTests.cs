using System.Collections;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using ProxyCore.Loop;

namespace ProxyCore.Tests.Loop;

/// <summary>A wait that fails for a moment is tried again; one that fails for ten seconds ends the loop.</summary>
internal sealed class WaitRetryTests
{
    private const int WaitFailed = 9;
    private const int WaitRecovered = 10;

    // EINVAL, EINTR, and what the runtime makes of ENOMEM.
    private static readonly Exception[] _transient =
    [
        new SocketException((int)SocketError.InvalidArgument),
        new SocketException((int)SocketError.Interrupted),
        new SocketException((int)SocketError.SocketError),
        new InsufficientMemoryException(),
    ];

    private LogRecorder _log = null!;
    private volatile Exception? _failure;
    private int _attempts;

    [SetUp]
    public void Reset()
    {
        _log = new LogRecorder();
        _failure = null;
        _attempts = 0;
    }

    [TestCaseSource(nameof(_transient))]
    public void A_wait_that_fails_for_a_moment_is_tried_again_with_one_warning(Exception failure)
    {
        using var running = new RunningLoop(logger: _log, select: Select);
        running.FinishTurn();

        _failure = failure;
        running.Do(static () => { });
        SpinWait.SpinUntil(() => Volatile.Read(ref _attempts) >= 5, SocketPair.Patience);
        bool ran = false;
        running.Do(() => ran = true);
        _failure = null;
        SpinWait.SpinUntil(() => CountOf(WaitRecovered) == 1, SocketPair.Patience);

        Assert.That(ran, Is.True, "posted work is done meanwhile");
        Assert.That((CountOf(WaitFailed), CountOf(WaitRecovered)), Is.EqualTo((1, 1)));
        running.FinishTurn();
    }

    [Test]
    public void A_wait_that_fails_for_ten_seconds_ends_the_loop()
    {
        var clock = new FakeTimeProvider();
        using var loop = new SelectLoop(clock, _log, parking: null, Select);
        _failure = new SocketException((int)SocketError.InvalidArgument);
        Exception? end = null;
        var thread = new Thread(() => end = Assert.Catch(loop.Run)) { IsBackground = true };
        thread.Start();

        // At the second attempt the time of the first failure is noted.
        SpinWait.SpinUntil(() => Volatile.Read(ref _attempts) >= 2, SocketPair.Patience);

        clock.Advance(WaitRetry.Limit - TimeSpan.FromMilliseconds(1));
        int before = Volatile.Read(ref _attempts);
        Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref _attempts) >= before + 3, SocketPair.Patience), "it goes on");

        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(thread.Join(SocketPair.Patience), Is.True);
        Assert.That(end, Is.SameAs(_failure));
    }

    [Test]
    public void Failures_with_a_success_between_them_do_not_add_up()
    {
        var retry = new WaitRetry(_log);
        var failure = new InsufficientMemoryException();

        Assert.That(retry.TryPause(failure, TimeSpan.Zero), Is.True);
        retry.NoteSuccess();
        Assert.That(retry.TryPause(failure, WaitRetry.Limit), Is.True);
        Assert.That(retry.TryPause(failure, 2 * WaitRetry.Limit), Is.False);
    }

    private int CountOf(int id) => _log.ExceptionsOf(id).Count();

    private void Select(IList read, IList write, IList? error, int microseconds)
    {
        if (_failure is { } failure)
        {
            Interlocked.Increment(ref _attempts);
            throw failure;
        }

        Socket.Select(read, write, error, microseconds);
    }
}
