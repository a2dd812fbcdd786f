using System.Collections;
using System.Diagnostics;
using System.Net.Sockets;

namespace ProxyCore.Loop;

/// <summary>Which of the three lists of <see cref="Socket.Select(IList, IList, IList, int)"/> a set is.</summary>
internal enum SocketSetKind
{
    Read,
    Write,
    Error,
}

/// <summary>
/// One list handed to <see cref="Socket.Select(IList, IList, IList, int)"/>, kept from one call to the next.
/// </summary>
/// <remarks>
/// Select filters its lists in place, removing what is not ready one by one. A <c>List&lt;T&gt;</c> would pay a
/// memory move for each and would have to be filled again before the next call. Here a removal only swaps the
/// entry behind a border that moves down:
/// <code>
///   [ ready, not yet dispatched | the rest, still registered ]
///   0                     _visible                      _registered
/// </code>
/// so after Select the front part <i>is</i> the ready sockets, the next Select only moves the border back up,
/// and sockets that were ready lately stand first, where the kernel finds them soonest. Select uses
/// <c>Count</c>, the getter, <c>RemoveAt</c> and <c>Clear</c>, and no other member of the interface
/// (characterized in the tests).
/// </remarks>
internal sealed class SocketSet(SocketSetKind kind) : IList
{
    private readonly int _kind = (int)kind;
    private Entry[] _items = new Entry[16];
    private int _registered;
    private int _visible;

    /// <summary>How many sockets are waited for.</summary>
    internal int Registered => _registered;

    /// <summary>The sockets that the last Select did not find ready. Walked from its end, the current one may be removed.</summary>
    internal ReadOnlySpan<Entry> Quiet => _items.AsSpan(_visible, _registered - _visible);

    /// <summary>Watches <paramref name="watched"/>, from the next Select on.</summary>
    internal void Add(Watched watched)
    {
        Debug.Assert(watched.Positions[_kind] == 0, "already in this set");
        if (_registered == _items.Length)
        {
            Array.Resize(ref _items, _registered + (_registered / 4));
        }

        Place(watched, _registered++);
    }

    /// <summary>Forgets <paramref name="watched"/>, also when it is ready and waits for its dispatch.</summary>
    internal void Remove(Watched watched)
    {
        int hole = watched.Positions[_kind] - 1;
        Debug.Assert(hole >= 0 && _items[hole].Watched == watched, "not in this set");
        watched.Positions[_kind] = 0;
        if (hole < _visible)
        {
            hole = MoveInto(hole, --_visible);
        }

        hole = MoveInto(hole, --_registered);
        _items[hole] = default;
    }

    /// <summary>Whether a socket that Select left as ready is still to be taken.</summary>
    internal bool HasReady => _visible != 0;

    /// <summary>Shows Select every registered socket again.</summary>
    internal void Offer() => _visible = _registered;

    /// <summary>Leaves nothing as ready.</summary>
    internal void HideAll() => _visible = 0;

    /// <summary>Takes the next socket that Select left as ready; false when all are taken.</summary>
    internal bool TryTakeReady(out Watched watched)
    {
        if (_visible == 0)
        {
            watched = null!;
            return false;
        }

        watched = _items[--_visible].Watched;
        return true;
    }

    /// <summary>The first registered entry that satisfies <paramref name="predicate"/>, or null.</summary>
    internal Watched? Find(Predicate<Watched> predicate)
    {
        int index = Array.FindIndex(_items, 0, _registered, entry => predicate(entry.Watched));
        return index < 0 ? null : _items[index].Watched;
    }

    private int MoveInto(int hole, int from)
    {
        if (hole != from)
        {
            Place(_items[from].Watched, hole);
        }

        return from;
    }

    private void Place(Watched watched, int index)
    {
        _items[index] = new Entry(watched);
        watched.Positions[_kind] = index + 1;
    }

    /// <summary>
    /// A socket of the set. Into an array of references each store would first look whether the object is of the array's type,
    /// which for derived types takes a thirtieth of the instructions of a short connection.
    /// </summary>
    internal readonly record struct Entry(Watched Watched);

    int ICollection.Count => _visible;

    object? IList.this[int index]
    {
        get => _items[index].Watched.Socket;
        set => throw new NotSupportedException();
    }

    void IList.RemoveAt(int index)
    {
        Watched quiet = _items[index].Watched;
        Place(_items[--_visible].Watched, index);
        Place(quiet, _visible);
    }

    void IList.Clear() => HideAll();

    bool IList.IsFixedSize => false;

    bool IList.IsReadOnly => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    int IList.Add(object? value) => throw new NotSupportedException();

    bool IList.Contains(object? value) => throw new NotSupportedException();

    int IList.IndexOf(object? value) => throw new NotSupportedException();

    void IList.Insert(int index, object? value) => throw new NotSupportedException();

    void IList.Remove(object? value) => throw new NotSupportedException();

    void ICollection.CopyTo(Array array, int index) => throw new NotSupportedException();

    IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException();
}
