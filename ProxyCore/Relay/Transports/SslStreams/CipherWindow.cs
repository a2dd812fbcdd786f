using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// Where a loop receives ciphertext, cut into TLS records. One for all its connections: each takes what it has kept with it
/// when a call begins, and keeps what is left when the call ends. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// SslStream gets whole records only. So its reads end at once, and it holds neither half a record in a buffer of its own
/// nor plain bytes that nobody can ask it about.
/// </remarks>
internal sealed class CipherWindow
{
    /// <summary>The most plain bytes in a record (RFC 8446, section 5.1).</summary>
    internal const int LargestPlain = 16 * 1024;

    /// <summary>The most bytes of a record with its header (RFC 5246, section 6.2.3).</summary>
    internal const int LargestRecord = HeaderSize + LargestPlain + 2048;

    internal const int HeaderSize = 5;

    private const int Size = 256 * 1024;
    private const byte FirstType = 20;
    private const byte LastType = 24;
    private const byte MajorVersion = 3;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    private int _start;
    private int _end;

    /// <summary>Whether the first record is here as a whole.</summary>
    internal bool HasRecord => RecordSize is var size and > 0 && Count >= size;

    /// <summary>Whether what comes next is no TLS record.</summary>
    internal bool IsGarbage => RecordSize < 0;

    /// <summary>Whether what comes next is the first line of a request of HTTP.</summary>
    internal bool BeginsWithHttp => Bytes.StartsWith("GET "u8) || Bytes.StartsWith("POST "u8) || Bytes.StartsWith("HEAD "u8)
        || Bytes.StartsWith("PUT "u8) || Bytes.StartsWith("CONNECT "u8) || Bytes.StartsWith("OPTIONS "u8);

    /// <summary>The size of the first record with its header; 0 when its header is not here, negative when it is none.</summary>
    internal int RecordSize => SizeOf(Bytes);

    private int Count => _end - _start;

    private ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    /// <summary>Looks for the first record in bytes that a connection has kept.</summary>
    internal static bool HasRecordIn(ReadOnlySpan<byte> bytes) => SizeOf(bytes) is var size && (size < 0 || (size > 0 && bytes.Length >= size));

    /// <summary>Begins a call with what the connection has kept, whose block is returned.</summary>
    internal void Open(PendingBytes? kept, PendingPool pool)
    {
        _start = _end = 0;
        if (kept is null)
        {
            return;
        }

        Debug.Assert(kept.Count <= Size, "less was kept than the window has");
        kept.Span.CopyTo(_bytes);
        _end = kept.Count;
        pool.Return(kept);
    }

    /// <summary>Ends a call: what is left goes into a block of the connection; null for nothing.</summary>
    internal PendingBytes? Close(PendingPool pool)
    {
        PendingBytes? kept = Count == 0 ? null : pool.Keep(Bytes);
        _start = _end = 0;
        return kept;
    }

    /// <summary>
    /// Receives up to <paramref name="most"/> bytes, or as many as there is room for. <paramref name="isFull"/> says whether it
    /// received all it asked for: the socket may have more.
    /// </summary>
    internal TransferResult Receive(Socket socket, int most, out int count, out bool isFull)
    {
        MakeRoom();
        int asked = Math.Min(most, Size - _end);
        TransferResult result = SocketTransfer.Receive(socket, _bytes.AsSpan(_end, asked), out count);
        _end += count;
        isFull = count == asked;
        return result;
    }

    /// <summary>The first record; it is gone from here.</summary>
    internal ReadOnlyMemory<byte> TakeRecord()
    {
        int size = RecordSize;
        Debug.Assert(size > 0 && size <= Count, "no whole record");
        ReadOnlyMemory<byte> record = _bytes.AsMemory(_start, size);
        _start += size;
        return record;
    }

    private static int SizeOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
        {
            return bytes.Length > 0 && bytes[0] is < FirstType or > LastType ? -1 : 0;
        }

        int size = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        return bytes[0] is < FirstType or > LastType || bytes[1] != MajorVersion || size > LargestRecord ? -1 : size;
    }

    private void MakeRoom()
    {
        if (_start == 0)
        {
            return;
        }

        Bytes.CopyTo(_bytes);
        _end -= _start;
        _start = 0;
    }
}
