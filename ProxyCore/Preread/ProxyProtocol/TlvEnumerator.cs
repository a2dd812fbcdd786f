using System.Buffers.Binary;

namespace ProxyCore.Preread.ProxyProtocol;

/// <summary>Walks over a whole block of TLVs, and stops before one that is cut.</summary>
internal ref struct TlvEnumerator(ReadOnlySpan<byte> block)
{
    private readonly ReadOnlySpan<byte> _block = block;
    private int _start;
    private int _end;

    internal readonly TlvType Type => (TlvType)_block[_start];

    internal readonly ReadOnlySpan<byte> Value => _block[(_start + Wire.TlvPrefixLength).._end];

    /// <summary>The TLV with its type and length.</summary>
    internal readonly ReadOnlySpan<byte> Whole => _block[_start.._end];

    /// <summary>Whether the last one ended with the block.</summary>
    internal readonly bool IsAtEnd => _end == _block.Length;

    internal bool MoveNext()
    {
        ReadOnlySpan<byte> rest = _block[_end..];
        if (rest.Length < Wire.TlvPrefixLength)
        {
            return false;
        }

        int whole = Wire.TlvPrefixLength + BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
        if (whole > rest.Length)
        {
            return false;
        }

        _start = _end;
        _end += whole;
        return true;
    }
}
