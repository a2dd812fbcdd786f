using System.Collections;
using System.Runtime.CompilerServices;

namespace ProxyCore.Settings;

/// <summary>An immutable list that is equal to another one with equal items in the same order.</summary>
/// <remarks>
/// Arrays and the lists of .NET are equal only to themselves, and so is each record that has one as a member: a reload
/// from an unchanged file would then look like a change.
/// </remarks>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
internal sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    public T this[int index] => _items[index];

    public int Count => _items.Length;

    internal int Length => _items.Length;

    public static implicit operator ReadOnlySpan<T>(ValueList<T> list) => list._items;

    public static bool operator ==(ValueList<T>? one, ValueList<T>? other) => one is null ? other is null : one.Equals(other);

    public static bool operator !=(ValueList<T>? one, ValueList<T>? other) => !(one == other);

    internal ReadOnlySpan<T> AsSpan(int start = 0) => _items.AsSpan(start);

    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (T item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}

/// <summary>Makes lists from collection expressions.</summary>
internal static class ValueList
{
    internal static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
