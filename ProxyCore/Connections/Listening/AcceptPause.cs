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

    internal AcceptPause(Listener listener, ListenerSet set, AcceptWarning warning)
    {
        _listener = listener;
        _set = set;
        _warning = warning;
        _end = new CallbackTimer(set, listener.Resume);
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

    /// <summary>Ends the pause; false when there is none.</summary>
    internal bool TryEnd()
    {
        bool wasOn = _isOn;
        _isOn = false;
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

    private void Begin()
    {
        _isOn = true;
        _set.Loop.SetInterest(_listener, Interest.None);
    }
}
