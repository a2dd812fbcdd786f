using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ProxyCore.Diagnostics;

namespace ProxyCore.Loop;

/// <summary>The event loop: waits in Select and calls the handlers of the sockets that are ready.</summary>
/// <remarks>
/// The thread that calls <see cref="Run"/> owns the loop, all that is attached to it and all that those own. Other
/// threads may call <see cref="Post"/> and <see cref="Stop"/>, nothing else. The loop knows no proxies: only sockets, timers
/// and posted work.
/// </remarks>
internal sealed class SelectLoop : IDisposable, ILoopMember
{
    private readonly ILogger _logger;
    private readonly LoopSignal _signal;
    private readonly LoopClock _clock;
    private readonly LoopTimers _timers = new();
    private readonly SelectPoller _poller;
    private readonly PostedWork _posted;
    private readonly WaitRetry _retry;
    private Thread? _thread;
    private volatile bool _stopping;

    /// <param name="timeProvider">The clock of its timers.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="parking">When quiet sockets are parked, where the system can; null never parks any.</param>
    /// <param name="select">What it waits with; null is <see cref="System.Net.Sockets.Socket"/>'s Select.</param>
    internal SelectLoop(TimeProvider timeProvider, ILogger logger, ParkingPolicy? parking, SelectCall? select = null)
    {
        _logger = logger;
        _retry = new WaitRetry(logger);
        // What may fail for want of descriptors comes first: nothing is open then. The poller does without.
        _signal = LoopSignal.Create(this);
        _poller = new SelectPoller(this, parking, select);
        _posted = new PostedWork(_signal);
        _clock = new LoopClock(timeProvider, WakeUp);
        Attach(_signal, Interest.Read);
    }

    /// <summary>The time at which this turn's events were seen, counted from the loop's creation.</summary>
    internal TimeSpan Now { get; private set; }

    /// <summary>When <see cref="Now"/> was zero, on the clock that all loops of a proxy share.</summary>
    internal TimeSpan Origin => _clock.Origin;

    /// <summary>The same time on the clock that all loops with one time provider share, in ticks of 100 ns.</summary>
    internal long SharedNow => (Origin + Now).Ticks;

    /// <summary>How many sockets and kinds of readiness are waited for, in Select's lists or parked. Any thread.</summary>
    internal int Watching => _poller.Watching;

    /// <summary>How many sockets are parked. Any thread.</summary>
    internal int Parked => _poller.Parked;

    /// <summary>How many timers are armed.</summary>
    internal int TimersArmed => _timers.Count;

    /// <summary>How many turns it has made.</summary>
    internal long Turns { get; private set; }

    /// <summary>What it has spent its time on. Any thread.</summary>
    internal LoopStatistics Statistics { get; } = new();

    /// <summary>
    /// Runs until <see cref="Stop"/>. Each turn, in this order: posted work; due timers; the timeout, which ends when
    /// the next timer is due; Select, or now and then a look at the parked sockets alone; and whatever was found ready.
    /// </summary>
    internal void Run()
    {
        _thread = Thread.CurrentThread;
        while (!_stopping)
        {
            RunPosted();
            RunDueTimers();
            int timeout = _clock.MicrosecondsUntil(_timers.NextDue);
            if (!_poller.LookAgain())
            {
                Select(_posted.TryBlock() ? timeout : 0);
            }

            Dispatch();
            Turns++;
        }

        RunPosted();
    }

    /// <summary>Makes <see cref="Run"/> return at the end of its turn. Any thread.</summary>
    internal void Stop()
    {
        _stopping = true;
        WakeUp();
    }

    /// <summary>
    /// Runs <paramref name="work"/> on the loop's thread at the start of its next turn, in the order of posting. What
    /// is posted after <see cref="Run"/> has returned is not run. Any thread.
    /// </summary>
    internal void Post(ILoopMember owner, Action work) => _posted.Post(owner, work);

    /// <summary>Begins to watch <paramref name="watched"/>.</summary>
    internal void Attach(Watched watched, Interest interest)
    {
        Debug.Assert(!watched.IsAttached, "attached twice");
        watched.IsAttached = true;
        SetInterest(watched, interest);
    }

    /// <summary>Changes what <paramref name="watched"/> is waited for; costs nothing when it is the same.</summary>
    internal void SetInterest(Watched watched, Interest interest)
    {
        AssertOwner();
        Debug.Assert(watched.IsAttached, "not attached");
        if (watched.Interest == interest)
        {
            return;
        }

        _poller.SetInterest(watched, interest);
    }

    /// <summary>Ends watching <paramref name="watched"/>; it is not called again, not even for what has fired.</summary>
    internal void Detach(Watched watched)
    {
        SetInterest(watched, Interest.None);
        watched.IsAttached = false;
    }

    /// <summary>
    /// Reads the clock within a turn. What begins now has its time from now on, though the turn may have begun long before.
    /// </summary>
    internal void ReadClock()
    {
        AssertOwner();
        Now = _clock.Elapsed;
    }

    /// <summary>Arms <paramref name="timer"/> to be due after <paramref name="delay"/>, or moves it there.</summary>
    internal void Arm(LoopTimer timer, TimeSpan delay)
    {
        AssertOwner();
        _timers.Arm(timer, Now + delay);
    }

    /// <summary>Disarms <paramref name="timer"/>; does nothing when it is not armed.</summary>
    internal void Cancel(LoopTimer timer)
    {
        AssertOwner();
        _timers.Cancel(timer);
    }

    /// <summary>Frees what the loop itself holds. Call it when <see cref="Run"/> has returned.</summary>
    public void Dispose()
    {
        // After a Select that failed the loop counts as blocked; a post from now on would touch the signal.
        _ = _posted.Take();
        _clock.Dispose();
        _signal.Dispose();
        _poller.Dispose();
    }

    void ILoopMember.Fault(Exception exception) => _logger.LoopFault(exception);

    private void WakeUp() => Post(this, static () => { });

    private void RunPosted()
    {
        Now = _clock.Elapsed;
        foreach ((ILoopMember owner, Action work) in _posted.Take())
        {
            try
            {
                work();
            }
            catch (Exception exception)
            {
                Fault(owner, exception);
            }
        }
    }

    private void RunDueTimers()
    {
        while (_timers.TakeDue(Now) is { } timer)
        {
            try
            {
                timer.OnDue();
            }
            catch (Exception exception)
            {
                Fault(timer.Owner, exception);
            }
        }
    }

    private void Select(int microseconds)
    {
        _logger.SelectWait();
        Statistics.NoteBefore(_clock.Elapsed);
        try
        {
            _poller.Wait(microseconds);
            _retry.NoteSuccess();
        }
        catch (ObjectDisposedException exception) when (_poller.FindDisposed() is { } disposed)
        {
            Fault(disposed.Owner, exception);
        }
        catch (Exception exception) when (WaitRetry.IsTransient(exception))
        {
            if (!_retry.TryPause(exception, _clock.Elapsed))
            {
                throw;
            }
        }

        Now = _clock.Elapsed;
        Statistics.NoteAfter(Now);
    }

    private void Dispatch()
    {
        while (_poller.TryTakeReady(out Watched watched, out Interest ready))
        {
            try
            {
                watched.OnReady(ready);
            }
            catch (Exception exception)
            {
                Fault(watched.Owner, exception);
            }

            _poller.NoteHandled(watched);
        }
    }

    private void Fault(ILoopMember owner, Exception exception)
    {
        try
        {
            owner.Fault(exception);
        }
        catch (Exception second)
        {
            _logger.LoopFault(second);
        }
    }

    [Conditional("DEBUG")]
    private void AssertOwner() =>
        Debug.Assert(_thread is null || _thread == Thread.CurrentThread, "only the loop's thread may do this");
}
