using System.Runtime.CompilerServices;

namespace ProxyCore.Connections.Listening;

/// <summary>
/// Limits the warning that clients can't be accepted to one a burst, however many listeners share the address: the first
/// listener with trouble logs it, the last logs its end. Each object belongs to one listener's thread; the count that
/// they share is safe for any thread.
/// </summary>
internal sealed class AcceptWarning
{
    private readonly StrongBox<int> _listenersInTrouble;
    private bool _isInTrouble;

    internal AcceptWarning()
        : this(new StrongBox<int>())
    {
    }

    private AcceptWarning(StrongBox<int> listenersInTrouble) => _listenersInTrouble = listenersInTrouble;

    /// <summary>A warning for another listener on the same address.</summary>
    internal AcceptWarning Share() => new(_listenersInTrouble);

    /// <summary>The listener can't accept; true when this has to be logged.</summary>
    internal bool Begin()
    {
        if (_isInTrouble)
        {
            return false;
        }

        _isInTrouble = true;
        return Interlocked.Increment(ref _listenersInTrouble.Value) == 1;
    }

    /// <summary>The listener has accepted every client; true when this has to be logged.</summary>
    internal bool End()
    {
        if (!_isInTrouble)
        {
            return false;
        }

        _isInTrouble = false;
        return Interlocked.Decrement(ref _listenersInTrouble.Value) == 0;
    }
}
