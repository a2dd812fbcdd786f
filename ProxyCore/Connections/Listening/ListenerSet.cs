using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>The listeners of a shard, and its standing in the line for a place. Belongs to the loop's thread.</summary>
/// <remarks>
/// A listener that finds no place pauses, and the shard stands in line, once for all of them. When it is granted a
/// place, all listeners are resumed, and the first that accepts takes it.
/// </remarks>
internal sealed class ListenerSet : ILoopMember
{
    private readonly Shard _shard;
    private readonly ConnectionSlots _slots;
    private readonly List<Listener> _listeners = [];
    private bool _isOpen;
    private bool _isClosed;
    private bool _standsInLine;
    private bool _hasPlace;

    internal ListenerSet(Shard shard, ConnectionSlots slots)
    {
        _shard = shard;
        _slots = slots;
    }

    /// <summary>The bound listeners.</summary>
    internal IReadOnlyList<Listener> All => _listeners;

    /// <summary>Takes a bound listener, which accepts from now on, or from the start on. Closed for good, it is closed.</summary>
    internal void Add(Listener listener)
    {
        if (_isClosed)
        {
            listener.Discard();
            return;
        }

        _listeners.Add(listener);
        if (_isOpen)
        {
            listener.Open();
        }
    }

    /// <summary>Closes one listener; the clients that have come to it already are accepted first.</summary>
    internal void Remove(Listener listener)
    {
        if (_listeners.Remove(listener))
        {
            listener.AcceptAll();
            listener.Close();
        }
    }

    /// <summary>Begins to accept.</summary>
    internal void Open()
    {
        _isOpen = true;
        _listeners.ForEach(static listener => listener.Open());
    }

    /// <summary>Accepts no more, for good.</summary>
    internal void Close()
    {
        _isClosed = true;
        _listeners.ForEach(static listener => listener.Close());
        _listeners.Clear();
    }

    /// <summary>Takes a place for one more connection, if one is free.</summary>
    internal bool TryEnter()
    {
        bool had = _hasPlace;
        _hasPlace = false;
        return had || _slots.TryEnter();
    }

    /// <summary>
    /// Takes a place for a client that waits; when none is free, the listeners are resumed as soon as there is one.
    /// </summary>
    internal bool EnterOrStandInLine()
    {
        if (_hasPlace || _standsInLine)
        {
            return TryEnter();
        }

        _standsInLine = !_slots.EnterOrStandInLine(() => _shard.Loop.Post(this, OnGranted));
        return !_standsInLine;
    }

    /// <summary>For a place that turned out not to be needed.</summary>
    internal void GiveBackPlace() => _slots.Leave();

    /// <summary>A connection of this shard has ended.</summary>
    internal void OnEnded()
    {
        _slots.Leave();

        // In line, it has to wait for its place. Else whichever listener is paused waits for a descriptor: here are two.
        if (!_standsInLine)
        {
            Resume();
        }
    }

    void ILoopMember.Fault(Exception exception) => ((ILoopMember)_shard).Fault(exception);

    private void OnGranted()
    {
        _standsInLine = false;
        _hasPlace = true;
        Resume();

        // Whoever waited may have gone, or the listeners may be closed: then the place is for the next in line.
        if (!_listeners.Exists(static listener => listener.HasClient))
        {
            _hasPlace = false;
            GiveBackPlace();
        }
    }

    private void Resume() => _listeners.ForEach(static listener => listener.Resume());
}
