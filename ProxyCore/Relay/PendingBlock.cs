namespace ProxyCore.Relay;

/// <summary>A block of a <see cref="PendingPool"/>, until it is returned.</summary>
internal readonly unsafe struct PendingBlock(nint address, int size)
{
    internal nint Address { get; } = address;

    internal int Size { get; } = size;

    internal Span<byte> Span => new((void*)Address, Size);
}
