using System.Buffers.Binary;

namespace ProxyCore.Preread.Tls;

/// <summary>Takes fields from the front of a TLS structure (RFC 8446, section 3). A field that does not fit takes nothing.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    internal readonly bool IsEmpty => _rest.IsEmpty;

    internal bool TryTake(int length, out ReadOnlySpan<byte> field)
    {
        if (_rest.Length < length)
        {
            field = default;
            return false;
        }

        field = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    internal bool TryTakeByte(out byte value)
    {
        bool taken = TryTake(sizeof(byte), out ReadOnlySpan<byte> field);
        value = taken ? field[0] : default;
        return taken;
    }

    internal bool TryTakeUInt16(out ushort value)
    {
        bool taken = TryTake(sizeof(ushort), out ReadOnlySpan<byte> field);
        value = taken ? BinaryPrimitives.ReadUInt16BigEndian(field) : default;
        return taken;
    }

    /// <summary>A vector whose length has one byte.</summary>
    internal bool TryTakeVector8(out ReadOnlySpan<byte> content)
    {
        content = default;
        return TryTakeByte(out byte length) && TryTake(length, out content);
    }

    /// <summary>A vector whose length has two bytes.</summary>
    internal bool TryTakeVector16(out ReadOnlySpan<byte> content)
    {
        content = default;
        return TryTakeUInt16(out ushort length) && TryTake(length, out content);
    }
}
