using System.Buffers;

namespace ProxyCore.Preread.Tls;

/// <summary>
/// Looks for the ClientHello with which a connection begins. It remembers how far it has checked the records, so that bytes
/// arriving one at a time cost no more than bytes arriving at once; the answer is the same. Allocates only for a complete one.
/// </summary>
/// <param name="limit">
/// The most bytes of the handshake message, without the headers of its records; at most <see cref="LargestLimit"/>.
/// </param>
internal struct ClientHelloScan(int limit)
{
    /// <summary>The limit by default: what BoringSSL, Envoy and the buffers of nginx and HAProxy take.</summary>
    internal const int DefaultLimit = 16 * 1024;

    /// <summary>The least limit that makes sense: a browser sends 2 KB.</summary>
    internal const int LeastLimit = 4 * 1024;

    internal const int LargestLimit = 64 * 1024;

    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int MaxFragment = 16 * 1024;
    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const byte MajorVersion = 3;
    private const int RoomForHeadersDivisor = 16;
    private const int LeastRoomForHeaders = 512;

    private readonly int _limit = Math.Min(limit, LargestLimit);

    /// <summary>Raw bytes before this place are checked. It never stands within the header of a record.</summary>
    private int _checked;

    /// <summary>What is still to come of the record at <see cref="_checked"/>.</summary>
    private int _left;

    private int _records;

    /// <summary>Bytes of the message before <see cref="_checked"/>.</summary>
    private int _message;

    /// <summary>The length that the message announces, filled byte by byte: records may cut its header too.</summary>
    private int _length;

    private ClientHelloStatus _status;

    /// <summary>
    /// The most raw bytes worth receiving. As many are never answered with <see cref="ClientHelloStatus.NeedMore"/>: a
    /// ClientHello cut into so many records that their headers need more room is too long.
    /// </summary>
    internal readonly int MostBytes => _limit + (_limit / RoomForHeadersDivisor) + LeastRoomForHeaders;

    /// <summary>What the client has said; null unless complete.</summary>
    internal ClientHello? Hello { get; private set; }

    /// <summary>The fault; none unless invalid.</summary>
    internal ClientHelloError Error { get; private set; }

    /// <param name="received">
    /// Everything received on the connection so far, from its first byte. It begins with the bytes of the call before.
    /// </param>
    internal ClientHelloStatus Read(ReadOnlySpan<byte> received)
    {
        if (_status == ClientHelloStatus.NeedMore && !received.IsEmpty)
        {
            received = received[..Math.Min(received.Length, MostBytes)];
            _status = _records > 0 || received[0] == HandshakeRecord ? Continue(received) : ReadOther(received);
            if (_status == ClientHelloStatus.NeedMore && received.Length == MostBytes)
            {
                _status = Refuse(ClientHelloError.TooLong);
            }
        }

        return _status;
    }

    /// <summary>No TLS record, but perhaps a ClientHello of SSL 2.0: a length with its high bit set, then the type 1.</summary>
    private ClientHelloStatus ReadOther(ReadOnlySpan<byte> received)
    {
        const int typeOffset = 2;
        if ((received[0] & 0x80) == 0)
        {
            return ClientHelloStatus.NotTls;
        }

        return received.Length <= typeOffset ? ClientHelloStatus.NeedMore
            : received[typeOffset] == ClientHelloMessage ? Refuse(ClientHelloError.Ssl2)
            : ClientHelloStatus.NotTls;
    }

    private ClientHelloStatus Continue(ReadOnlySpan<byte> received)
    {
        while (_checked < received.Length)
        {
            bool inRecord = _left > 0;
            ReadOnlySpan<byte> next = received[_checked..];
            ClientHelloError error = inRecord ? TakeFragment(next) : TakeRecordHeader(next);
            if (error != ClientHelloError.None)
            {
                return Refuse(error);
            }

            if (IsMessageComplete)
            {
                return Finish(received);
            }

            if (!inRecord && _left == 0)
            {
                // Only a part of the header has come.
                break;
            }
        }

        return ClientHelloStatus.NeedMore;
    }

    private readonly bool IsMessageComplete => _message >= MessageHeader && _message == MessageHeader + _length;

    /// <summary>Checks as much as is there of the header of a record, and takes it when it is complete.</summary>
    private ClientHelloError TakeRecordHeader(ReadOnlySpan<byte> next)
    {
        if (next[0] != HandshakeRecord)
        {
            return ClientHelloError.OtherRecord;
        }

        if (next.Length > 1 && next[1] != MajorVersion)
        {
            return ClientHelloError.RecordVersion;
        }

        if (next.Length < RecordHeader)
        {
            return ClientHelloError.None;
        }

        int length = LengthOfRecord(next);
        if (length is 0 or > MaxFragment)
        {
            return length == 0 ? ClientHelloError.EmptyRecord : ClientHelloError.RecordTooLong;
        }

        _left = length;
        _checked += RecordHeader;
        _records++;
        return ClientHelloError.None;
    }

    /// <summary>Takes what is there of the record, up to the end of the message.</summary>
    private ClientHelloError TakeFragment(ReadOnlySpan<byte> next)
    {
        int available = Math.Min(next.Length, _left);
        int taken = 0;
        for (; taken < available && _message < MessageHeader; taken++, _message++)
        {
            if (_message > 0)
            {
                _length = (_length << 8) | next[taken];
            }
            else if (next[taken] != ClientHelloMessage)
            {
                return ClientHelloError.OtherMessage;
            }
        }

        if (_message >= MessageHeader)
        {
            if (_length > _limit - MessageHeader)
            {
                return ClientHelloError.TooLong;
            }

            int body = Math.Min(available - taken, MessageHeader + _length - _message);
            _message += body;
            taken += body;
        }

        _left -= taken;
        _checked += taken;
        return ClientHelloError.None;
    }

    private ClientHelloStatus Finish(ReadOnlySpan<byte> received)
    {
        ClientHelloError error;
        ClientHello? hello;
        if (_records == 1)
        {
            error = ClientHelloReader.Read(received.Slice(RecordHeader + MessageHeader, _length), out hello);
        }
        else
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(_message);
            Join(received, buffer.AsSpan(0, _message));
            error = ClientHelloReader.Read(buffer.AsSpan(MessageHeader, _length), out hello);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Hello = hello;
        return error == ClientHelloError.None ? ClientHelloStatus.Complete : Refuse(error);
    }

    /// <summary>Copies the message out of its records, which are checked.</summary>
    private static void Join(ReadOnlySpan<byte> records, Span<byte> message)
    {
        while (!message.IsEmpty)
        {
            ReadOnlySpan<byte> fragment = records.Slice(RecordHeader, Math.Min(LengthOfRecord(records), message.Length));
            fragment.CopyTo(message);
            message = message[fragment.Length..];
            records = records[(RecordHeader + fragment.Length)..];
        }
    }

    private static int LengthOfRecord(ReadOnlySpan<byte> record) => (record[3] << 8) | record[4];

    private ClientHelloStatus Refuse(ClientHelloError error)
    {
        Error = error;
        return ClientHelloStatus.Invalid;
    }
}
