using System.Runtime.CompilerServices;

namespace ProxyCore.Connections.Listening;

/// <summary>
/// Whether a listener can't accept everybody who waits: told once a burst, by the first and the last of the listeners
/// that share an address, on however many loops they are. Each is its own listener's; what they share, any thread's.
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

    /// <summary>One for another listener on the same address.</summary>
    internal AcceptWarning Share() => new(_listenersInTrouble);

    /// <summary>The listener can't accept; true when that is news.</summary>
    internal bool Begin()
    {
        if (_isInTrouble)
        {
            return false;
        }

        _isInTrouble = true;
        return Interlocked.Increment(ref _listenersInTrouble.Value) == 1;
    }

    /// <summary>The listener has accepted everybody; true when that ends the trouble.</summary>
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
