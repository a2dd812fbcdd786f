using System.Buffers;
using System.Diagnostics;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// Memory that points to where a span is, for calls that want a <see cref="Memory{T}"/>. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// The relay hands spans on, of native memory as well; SslStream takes memory only, and looks at its address at the moment it
/// copies. So one object serves all connections: it is pointed anew before each call.
/// </remarks>
internal sealed unsafe class MovableMemory : MemoryManager<byte>
{
    private byte* _address;
    private int _length;

    /// <summary>Points it to <paramref name="length"/> bytes that stay where they are for as long as the memory is used.</summary>
    internal void PointTo(byte* address, int length)
    {
        _address = address;
        _length = length;
    }

    /// <summary>Points it to nothing: a use that is not expected throws, and writes nowhere.</summary>
    internal void Clear() => PointTo(null, 0);

    public override Span<byte> GetSpan() => new(_address, _length);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        Debug.Assert((uint)elementIndex <= (uint)_length, "beyond the memory");
        return new MemoryHandle(_address + elementIndex);
    }

    public override void Unpin()
    {
    }

    /// <summary>The first <paramref name="length"/> bytes, wherever they are when they are used.</summary>
    internal Memory<byte> First(int length) => CreateMemory(length);

    protected override void Dispose(bool disposing) => Clear();
}
