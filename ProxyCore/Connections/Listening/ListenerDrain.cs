using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>When a listener that accepts the last clients of its queue may close. Belongs to the loop's thread.</summary>
internal sealed class ListenerDrain
{
    private readonly SelectLoop _loop;
    private readonly Listener _listener;
    private readonly CallbackTimer _limit;
    private readonly CallbackTimer _linger;
    private bool _isLingering;

    internal ListenerDrain(SelectLoop loop, Listener listener)
    {
        _loop = loop;
        _listener = listener;
        _limit = new CallbackTimer(listener.Set, listener.Close);
        _linger = new CallbackTimer(listener.Set, EndLingering);
    }

    /// <summary>Begins, or begins anew with other bounds.</summary>
    /// <param name="linger">How long to stay although the queue is empty.</param>
    /// <param name="limit">How long to stay although the queue is not empty.</param>
    internal void Begin(TimeSpan linger, TimeSpan limit)
    {
        _isLingering = linger > TimeSpan.Zero;
        _loop.Cancel(_linger);
        if (_isLingering)
        {
            _loop.Arm(_linger, linger);
        }

        _loop.Arm(_limit, limit > linger ? limit : linger);
        CloseIfDone();
    }

    /// <summary>Closes the listener, if its queue is empty and it need not stay for handshakes under way.</summary>
    internal void CloseIfDone()
    {
        if (!_isLingering && !_listener.HasClient)
        {
            _listener.Close();
        }
    }

    /// <summary>Forgets the bounds: the listener closes.</summary>
    internal void Cancel()
    {
        _loop.Cancel(_linger);
        _loop.Cancel(_limit);
    }

    private void EndLingering()
    {
        _isLingering = false;
        CloseIfDone();
    }
}
