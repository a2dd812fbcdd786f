using System.Net.Sockets;
using ProxyCore.Connections.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Listening;

/// <summary>
/// The pause of a listener that can't accept: one that stayed readable would make the loop spin. Belongs to the loop's
/// thread.
/// </summary>
internal sealed class AcceptPause
{
    private static readonly TimeSpan _length = TimeSpan.FromMilliseconds(100);

    private readonly Listener _listener;
    private readonly ListenerSet _set;
    private readonly AcceptWarning _warning;
    private readonly CallbackTimer _end;
    private bool _isOn;
    private bool _isForRate;

    internal AcceptPause(Listener listener, ListenerSet set, AcceptWarning warning)
    {
        _listener = listener;
        _set = set;
        _warning = warning;
        _end = new CallbackTimer(set, EndByTime);
    }

    /// <summary>A warning for another listener on the same address.</summary>
    internal AcceptWarning ShareWarning() => _warning.Share();

    /// <summary>Pauses for a moment, because an accept has failed.</summary>
    internal void BeginAfter(SocketError error)
    {
        if (_warning.Begin())
        {
            _set.Logger.AcceptFailed(_listener.Endpoint, ConnectionErrors.Describe(error));
        }

        Begin();
        _set.Loop.Arm(_end, _length);
    }

    /// <summary>Pauses until a slot is granted.</summary>
    internal void BeginAtMaximum()
    {
        if (_warning.Begin())
        {
            _set.Logger.AtMaximum(_listener.Endpoint, _set.MaxConnections);
        }

        Begin();
    }

    /// <summary>Pauses until the endpoint may let further clients in.</summary>
    internal void BeginAtRate(AcceptRate rate)
    {
        long now = _set.Loop.SharedNow;
        TimeSpan wait = rate.Wait(now);
        if (rate.BeginsStorm(now, wait))
        {
            _set.Logger.AtMaximumRate(_listener.Endpoint, rate.PerSecond);
        }

        Begin();
        _isForRate = true;
        _set.Loop.Arm(_end, wait);
    }

    /// <summary>
    /// Ends a pause for want of a slot or a descriptor; false when there is none. The end of a connection does not end a
    /// pause for the rate.
    /// </summary>
    internal bool TryEnd() => !_isForRate && TryEndAny();

    /// <summary>Ends the pause, whatever it is for; false when there is none.</summary>
    internal bool TryEndAny()
    {
        bool wasOn = _isOn;
        _isOn = false;
        _isForRate = false;
        _set.OnPauseEnded(_listener);
        _set.Loop.Cancel(_end);
        return wasOn;
    }

    /// <summary>Every queued client is accepted: the next trouble gets a warning of its own.</summary>
    internal void EndBurst()
    {
        if (_warning.End())
        {
            _set.Logger.AcceptsAgain(_listener.Endpoint);
        }
    }

    private void EndByTime()
    {
        _isForRate = false;
        _listener.Resume();
    }

    private void Begin()
    {
        _isOn = true;
        _set.OnPaused(_listener);
        _set.Loop.SetInterest(_listener, Interest.None);
    }
}
