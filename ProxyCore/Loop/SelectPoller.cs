using System.Collections;
using System.Net.Sockets;
using ProxyCore.Platform;

namespace ProxyCore.Loop;

/// <summary>The signature of <see cref="Socket.Select(System.Collections.IList, System.Collections.IList, System.Collections.IList, int)"/>.</summary>
internal delegate void SelectCall(IList read, IList write, IList? error, int microseconds);

/// <summary>The way a loop waits: which sockets stand in which list or are parked, one Select, and what it found ready.</summary>
internal sealed class SelectPoller : IDisposable
{
    // How many quiet entries are looked at after a Select: some, so that nobody waits for them; of many a quarter, so
    // that after a storm of new connections the list is short again within some twenty Selects.
    private const int ParkingBudget = 64;
    private const int ParkingShare = 4;

    private readonly SocketSet _read = new(SocketSetKind.Read);
    private readonly SocketSet _write = new(SocketSetKind.Write);

    // Only on Windows does a failed connect show in the error list alone. Elsewhere it is for sockets that are watched
    // for a reset only, where they can't be parked: poll reports errors unasked, but .NET passes them on in this list
    // alone. Select is not given it while it is empty: it would double the cost.
    private readonly SocketSet _error = new(SocketSetKind.Error);

    private static readonly Interest _inErrorList =
        TargetSystem.IsWindows ? Interest.Reset | Interest.Connect : Interest.Reset;

    private readonly ParkingPolicy _policy;
    private readonly IdleSet? _idle;
    private readonly SelectCall? _select;
    private uint _selects;

    // The parked sockets are asked more often: after a Select and at each further look.
    private uint _looks;
    private int _eventsSinceSelect;
    private bool _lastLookPaid;

    /// <param name="owner">Who owns the entry of the idle set.</param>
    /// <param name="policy">When sockets are parked; null never parks any.</param>
    /// <param name="select">What it waits with; null is the system's Select.</param>
    internal SelectPoller(ILoopMember owner, ParkingPolicy? policy, SelectCall? select = null)
    {
        _select = select;
        _policy = policy ?? new ParkingPolicy();
        _idle = policy is null ? null : IdleSet.TryCreate(owner);
        if (_idle is not null)
        {
            _idle.Interest = Interest.Read;
            _read.Add(_idle);
        }
    }

    /// <summary>How many entries Select is given, which is what it costs: some 0.1 µs each.</summary>
    internal int Entries => _read.Registered + _write.Registered + _error.Registered;

    /// <summary>How many sockets are parked.</summary>
    internal int Parked => _idle?.Count ?? 0;

    /// <summary>How many entries are waited for, in the lists or parked; the idle set itself is not counted.</summary>
    internal int Watching => Entries + Parked - (_idle is null ? 0 : 1);

    /// <summary>Changes what <paramref name="watched"/> is waited for. A parked one returns: it is not idle.</summary>
    internal void SetInterest(Watched watched, Interest interest)
    {
        Interest from = watched.Interest;
        if (watched.IsParked)
        {
            _idle!.Remove(watched);
            from = Interest.None;
        }

        watched.Interest = interest;
        bool isParked = interest == Interest.Reset && _idle is not null && _idle.TryAdd(watched);
        MoveInLists(watched, from, isParked ? Interest.None : interest);
    }

    /// <summary>Looks for more among the parked sockets without a Select; false when it is time for that.</summary>
    internal bool LookAgain()
    {
        if (_idle is null)
        {
            return false;
        }

        _eventsSinceSelect += _idle.LastBatch;
        if (!ParkingPolicy.ShouldLookAgain(_idle.LastBatch, _eventsSinceSelect, _lastLookPaid))
        {
            return false;
        }

        _looks++;
        _lastLookPaid = _idle.Collect() > 0;
        return _lastLookPaid;
    }

    /// <summary>Waits until something is ready or <paramref name="microseconds"/> are over; -1 waits for ever.</summary>
    internal void Wait(int microseconds)
    {
        _eventsSinceSelect = 0;
        _idle?.ForgetBatch();
        _selects++;
        _looks++;
        _read.Offer();
        _write.Offer();
        _error.Offer();
        try
        {
            Select(microseconds);
        }
        catch
        {
            // What a Select that threw has left in the lists is no answer.
            _read.HideAll();
            _write.HideAll();
            _error.HideAll();
            throw;
        }

        if (_idle is not null && _policy.Applies(Watching))
        {
            ParkQuiet(_idle, _read);
            ParkQuiet(_idle, _write);
        }
    }

    /// <summary>
    /// Takes the next ready socket; writes before reads, since a write sets a buffer free, and the parked ones last.
    /// One that an earlier handler of the same batch detached does not come.
    /// </summary>
    internal bool TryTakeReady(out Watched watched, out Interest ready)
    {
        if (_write.HasReady || _error.HasReady || _read.HasReady)
        {
            return TryTakeListed(out watched, out ready);
        }

        if (_idle is not null)
        {
            return TryTakeParked(_idle, out watched, out ready);
        }

        watched = null!;
        ready = Interest.None;
        return false;
    }

    private bool TryTakeListed(out Watched watched, out Interest ready)
    {
        ready = Interest.Write;
        if (_write.TryTakeReady(out watched))
        {
            ParkingPolicy.NoteReady(ref watched.Heat, _selects);
            return true;
        }

        if (_error.TryTakeReady(out watched))
        {
            ready = watched.Interest == Interest.Reset ? Interest.Reset : Interest.Write;
            return true;
        }

        ready = Interest.Read;
        bool isTaken = _read.TryTakeReady(out watched);
        if (isTaken)
        {
            ParkingPolicy.NoteReady(ref watched.Heat, _selects);
        }

        return isTaken;
    }

    /// <summary>Tells that <paramref name="watched"/> was handled: what it has left behind is not forgotten.</summary>
    internal void NoteHandled(Watched watched)
    {
        if (watched.IsParked && watched.IsDrained == false)
        {
            Return(watched);
        }
    }

    /// <summary>A watched socket that was disposed of behind the loop's back, or null.</summary>
    internal Watched? FindDisposed()
    {
        static bool IsDisposed(Watched watched) => watched.Socket.SafeHandle.IsClosed;
        return _read.Find(IsDisposed) ?? _write.Find(IsDisposed) ?? _error.Find(IsDisposed);
    }

    public void Dispose() => _idle?.Dispose();

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

    private void Select(int microseconds)
    {
        SocketSet? error = _error.Registered == 0 ? null : _error;
        if (_select is null)
        {
            Socket.Select(_read, _write, error, microseconds);
            return;
        }

        _select(_read, _write, error, microseconds);
    }

    private void MoveInLists(Watched watched, Interest from, Interest to)
    {
        watched.Heat = new ParkingPolicy.Heat { LastReady = _selects };
        Move(_read, watched, from, to, Interest.Read);
        Move(_write, watched, from, to, Interest.Write | Interest.Connect);
        Move(_error, watched, from, to, _inErrorList);
    }

    private bool TryTakeParked(IdleSet idle, out Watched watched, out Interest ready)
    {
        if (!idle.TryTakeReady(out watched, out ready))
        {
            return false;
        }

        if (ready == Interest.Reset)
        {
            return true;
        }

        if (idle.ReportsMoreThanBytes || (_policy.ShouldReturn(ref watched.Heat, _looks) && ParkingPolicy.MayReturn(Entries)))
        {
            Return(watched);
        }

        return true;
    }

    private void Return(Watched watched) => SetInterest(watched, watched.Interest);

    private void ParkQuiet(IdleSet idle, SocketSet set)
    {
        ReadOnlySpan<SocketSet.Entry> quiet = set.Quiet;
        int last = Math.Max(0, quiet.Length - Math.Max(ParkingBudget, quiet.Length / ParkingShare));
        for (int index = quiet.Length - 1; index >= last; index--)
        {
            Watched watched = quiet[index].Watched;
            if (watched != idle && _policy.ShouldPark(in watched.Heat, _selects) && idle.TryAdd(watched))
            {
                MoveInLists(watched, watched.Interest, Interest.None);
                watched.Heat = new ParkingPolicy.Heat { LastReady = _looks };
            }
        }
    }
}
