using System.Diagnostics;

namespace ProxyCore.Relay;

/// <summary>What a sink has not taken yet, in a block of native memory that a <see cref="PendingPool"/> lends.</summary>
internal sealed unsafe class PendingBytes(nint address, int capacity)
{
    private int _start;
    private int _end;

    internal nint Address { get; } = address;

    internal int Capacity { get; } = capacity;

    /// <summary>How many bytes are still to be sent.</summary>
    internal int Count => _end - _start;

    /// <summary>The bytes that are still to be sent.</summary>
    internal ReadOnlySpan<byte> Span => new((byte*)Address + _start, Count);

    /// <summary>Keeps a copy of <paramref name="bytes"/>, and forgets what was there.</summary>
    internal void Fill(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>((void*)Address, Capacity));
        _start = 0;
        _end = bytes.Length;
    }

    /// <summary>The room behind them.</summary>
    internal Span<byte> Room => new((byte*)Address + _end, Capacity - _end);

    /// <summary>Takes over <paramref name="count"/> bytes that were written to <see cref="Room"/>.</summary>
    internal void Append(int count)
    {
        Debug.Assert(count <= Room.Length, "more than there is room for");
        _end += count;
    }

    /// <summary>Forgets the first <paramref name="count"/> bytes.</summary>
    internal void Advance(int count)
    {
        Debug.Assert(count <= Count, "more than there is");
        _start += count;
    }
}
