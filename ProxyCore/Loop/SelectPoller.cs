using System.Net.Sockets;

namespace ProxyCore.Loop;

/// <summary>The way a loop waits: which sockets stand in which list, one Select, and what it found ready.</summary>
internal sealed class SelectPoller
{
    private readonly SocketSet _read = new(SocketSetKind.Read);
    private readonly SocketSet _write = new(SocketSetKind.Write);

    // Only on Windows does a failed connect show in the error list alone. Elsewhere that list doubles the cost, and
    // a socket closed both ways makes Select return at once for ever, with the lists empty.
    private readonly SocketSet? _error = OperatingSystem.IsWindows() ? new(SocketSetKind.Error) : null;

    /// <summary>How many entries Select is given, which is what it costs: some 0.1 µs each.</summary>
    internal int Entries => _read.Registered + _write.Registered + (_error?.Registered ?? 0);

    /// <summary>Moves <paramref name="watched"/> from the lists of one interest to those of another.</summary>
    internal void Move(Watched watched, Interest from, Interest to)
    {
        Move(_read, watched, from, to, Interest.Read);
        Move(_write, watched, from, to, Interest.Write | Interest.Connect);
        if (_error is not null)
        {
            Move(_error, watched, from, to, Interest.Connect);
        }
    }

    /// <summary>Waits until something is ready or <paramref name="microseconds"/> are over; -1 waits for ever.</summary>
    internal void Wait(int microseconds)
    {
        _read.Offer();
        _write.Offer();
        _error?.Offer();
        try
        {
            Socket.Select(_read, _write, _error, microseconds);
        }
        catch
        {
            // What a Select that threw has left in the lists is no answer.
            _read.HideAll();
            _write.HideAll();
            _error?.HideAll();
            throw;
        }
    }

    /// <summary>
    /// Takes the next ready socket; writes before reads, since a write sets a buffer free. One that an earlier
    /// handler of the same batch detached has left the lists and does not come.
    /// </summary>
    internal bool TryTakeReady(out Watched watched, out Interest ready)
    {
        ready = Interest.Write;
        if (_write.TryTakeReady(out watched) || (_error is not null && _error.TryTakeReady(out watched)))
        {
            return true;
        }

        ready = Interest.Read;
        return _read.TryTakeReady(out watched);
    }

    /// <summary>A watched socket that was disposed of behind the loop's back, or null.</summary>
    internal Watched? FindDisposed()
    {
        static bool IsDisposed(Watched watched) => watched.Socket.SafeHandle.IsClosed;
        return _read.Find(IsDisposed) ?? _write.Find(IsDisposed) ?? _error?.Find(IsDisposed);
    }

    private static void Move(SocketSet set, Watched watched, Interest from, Interest to, Interest kind)
    {
        bool wasIn = (from & kind) != 0;
        bool isIn = (to & kind) != 0;
        if (isIn && !wasIn)
        {
            set.Add(watched);
        }
        else if (wasIn && !isIn)
        {
            set.Remove(watched);
        }
    }
}
