using Microsoft.Extensions.Logging;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>The listeners of one loop, and its place in the queue for a slot. Belongs to the loop's thread.</summary>
/// <remarks>
/// A listener that finds no free slot pauses, and the set waits for one, once for all its listeners. When a slot is
/// granted, all listeners are resumed, and the first that accepts a client uses it.
/// </remarks>
internal sealed class ListenerSet(SelectLoop loop, ILogger logger, ConnectionSlots slots, ILoopMember owner) : ILoopMember
{
    // Each takes a few system calls.
    private const int DrainedInTurn = 64;

    private readonly List<Listener> _listeners = [];
    private readonly List<Listener> _draining = [];

    // Among thousands of listeners, the end of a connection must find those that wait for it.
    private readonly HashSet<Listener> _paused = [];
    private bool _isOpen;
    private bool _isClosed;
    private bool _isWaiting;
    private bool _hasSlot;

    internal SelectLoop Loop => loop;

    internal ILogger Logger => logger;

    internal ConnectionSlots Slots => slots;

    internal int MaxConnections => slots.Maximum;

    /// <summary>The listeners, without those that are draining.</summary>
    internal IReadOnlyList<Listener> All => _listeners;

    /// <summary>The listeners that accept the last clients of their queues.</summary>
    internal IReadOnlyList<Listener> Draining => _draining;

    /// <summary>Called when the last draining listener has closed.</summary>
    internal Action? OnDrained { get; set; }

    /// <summary>
    /// Takes a listener, which accepts from now on, or from <see cref="Open"/> on. A set that was closed closes it at once.
    /// </summary>
    internal void Add(Listener listener)
    {
        listener.IsTaken = true;
        if (_isClosed)
        {
            listener.Abandon();
            return;
        }

        _listeners.Add(listener);
        if (_isOpen)
        {
            listener.Open();
        }
    }

    /// <summary>Closes one listener once its queue is empty; see <see cref="Listener.Drain"/>.</summary>
    internal void Remove(Listener listener, TimeSpan linger, TimeSpan limit)
    {
        if (_listeners.Remove(listener))
        {
            _draining.Add(listener);
            listener.Drain(linger, limit);
        }
    }

    /// <summary>Begins to accept.</summary>
    internal void Open()
    {
        _isOpen = true;
        _listeners.ForEach(static listener => listener.Open());
    }

    /// <summary>Takes no more listeners, and closes each once its queue is empty, after <paramref name="limit"/> at the latest.</summary>
    internal void Drain(TimeSpan limit)
    {
        _isClosed = true;
        _draining.AddRange(_listeners);
        _listeners.Clear();
        new TurnedWork<Listener>(loop, _draining.ToArray(), DrainedInTurn, listener => listener.Drain(linger: TimeSpan.Zero, limit)).DoAll(this);
    }

    /// <summary>Closes every listener at once, for good.</summary>
    internal void Close()
    {
        _isClosed = true;
        foreach (Listener listener in _listeners.Concat(_draining).ToArray())
        {
            listener.Close();
        }
    }

    /// <summary>A listener has closed.</summary>
    internal void OnClosed(Listener listener)
    {
        if (!_draining.Remove(listener))
        {
            _listeners.Remove(listener);
        }
        else if (_draining.Count == 0)
        {
            OnDrained?.Invoke();
        }
    }

    /// <summary>A listener does not accept for a while.</summary>
    internal void OnPaused(Listener listener) => _paused.Add(listener);

    /// <summary>A listener does not pause any more.</summary>
    internal void OnPauseEnded(Listener listener) => _paused.Remove(listener);

    /// <summary>Takes a slot for one more connection, if one is free.</summary>
    internal bool TryTakeSlot()
    {
        bool had = _hasSlot;
        _hasSlot = false;
        return had || slots.TryTake();
    }

    /// <summary>Takes a slot for a queued client; when none is free, the listeners are resumed as soon as one is granted.</summary>
    internal bool TakeSlotOrWait()
    {
        if (_hasSlot || _isWaiting)
        {
            return TryTakeSlot();
        }

        _isWaiting = !slots.TakeOrWait(() => loop.Post(this, OnGranted));
        return !_isWaiting;
    }

    /// <summary>Gives back a slot that was not needed.</summary>
    internal void ReleaseSlot() => slots.Release();

    /// <summary>A connection of this loop has ended.</summary>
    internal void OnEnded()
    {
        slots.Release();

        // If the set does not wait for a slot, a paused listener waits for a descriptor: the connection has freed two.
        if (!_isWaiting)
        {
            Resume();
        }
    }

    void ILoopMember.Fault(Exception exception) => owner.Fault(exception);

    private void OnGranted()
    {
        _isWaiting = false;
        _hasSlot = true;
        Listener[] resumed = Resume();

        // The queued client may be gone, or the listeners closed: then the slot is for the next in the queue.
        if (!resumed.Any(static listener => !listener.IsClosed && listener.HasClient))
        {
            _hasSlot = false;
            ReleaseSlot();
        }
    }

    /// <summary>Has those accept again that do not pause for something else; a draining one may close on this. Returns all that paused.</summary>
    private Listener[] Resume()
    {
        Listener[] paused = _paused.Count == 0 ? [] : [.. _paused];
        foreach (Listener listener in paused)
        {
            listener.Resume();
        }

        return paused;
    }
}
