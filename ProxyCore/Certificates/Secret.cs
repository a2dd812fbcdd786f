using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ProxyCore.Certificates;

/// <summary>
/// Memory for a key or a password. The garbage collector does not move it, so that no copy is left behind, and it is zeroed at
/// the end.
/// </summary>
/// <typeparam name="T">What it consists of: bytes or characters.</typeparam>
internal sealed class Secret<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _items;

    /// <summary>Allocates it.</summary>
    internal Secret(int length)
        : this(GC.AllocateArray<T>(length, pinned: true))
    {
    }

    /// <param name="pinned">An array that is pinned, and belongs to the secret from now on.</param>
    internal Secret(T[] pinned)
    {
        _items = pinned;
        Length = pinned.Length;
    }

    /// <summary>How much of the memory is in use. Zero once it is cleared.</summary>
    internal int Length { get; private set; }

    internal bool IsEmpty => Length == 0;

    /// <summary>All of the memory, to be written to.</summary>
    internal Span<T> Buffer => _items;

    internal ReadOnlySpan<T> Span => _items.AsSpan(0, Length);

    internal ReadOnlyMemory<T> Memory => _items.AsMemory(0, Length);

    /// <summary>Says how much of the memory was written to.</summary>
    internal void SetLength(int length) => Length = length;

    /// <summary>Zeroes it.</summary>
    public void Dispose()
    {
        Length = 0;
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_items.AsSpan()));
    }
}
