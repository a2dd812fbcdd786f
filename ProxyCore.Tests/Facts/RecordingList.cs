using System.Collections;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ProxyCore.Tests.Facts;

/// <summary>A list that notes which of its members are used, and refuses all but those that the design counts on.</summary>
internal sealed class RecordingList(params Socket[] sockets) : IList
{
    private readonly List<Socket> _items = [.. sockets];

    internal HashSet<string> Used { get; } = [];

    internal List<int> Removed { get; } = [];

    internal IReadOnlyList<Socket> Items => _items;

    public int Count => Use(_items.Count, nameof(Count));

    public bool IsFixedSize => throw Refused();

    public bool IsReadOnly => throw Refused();

    public bool IsSynchronized => throw Refused();

    public object SyncRoot => throw Refused();

    public object? this[int index]
    {
        get => Use(_items[index], "getter");
        set => throw Refused();
    }

    public void RemoveAt(int index)
    {
        Used.Add(nameof(RemoveAt));
        Removed.Add(index);
        _items.RemoveAt(index);
    }

    public void Clear()
    {
        Used.Add(nameof(Clear));
        _items.Clear();
    }

    public int Add(object? value) => throw Refused();

    public bool Contains(object? value) => throw Refused();

    public void CopyTo(Array array, int index) => throw Refused();

    public IEnumerator GetEnumerator() => throw Refused();

    public int IndexOf(object? value) => throw Refused();

    public void Insert(int index, object? value) => throw Refused();

    public void Remove(object? value) => throw Refused();

    private static NotSupportedException Refused([CallerMemberName] string? member = null) =>
        new($"Select uses {member}");

    private T Use<T>(T value, string member)
    {
        Used.Add(member);
        return value;
    }
}
