using System.Buffers.Binary;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// Finds out from the first records that a server sends whether they resume a session, which SslStream knows and does not
/// tell.
/// </summary>
/// <remarks>
/// In TLS 1.3 the ServerHello then has the extension pre_shared_key (RFC 8446, section 4.2.11). In TLS 1.2 no Certificate
/// follows it (RFC 5246, section 7.3, and RFC 5077, section 3.1). All of that is plaintext.
/// </remarks>
internal struct ServerFlight
{
    private const byte ChangeCipherSpecRecord = 20;
    private const byte HandshakeRecord = 22;
    private const byte ServerHello = 2;
    private const byte NewSessionTicket = 4;
    private const int MessageHeaderSize = 4;
    private const int VersionSize = 2;
    private const int RandomSize = 32;
    private const int CipherAndCompressionSize = 3;
    private const ushort PreSharedKey = 41;
    private const ushort SupportedVersions = 43;

    private bool _isDecided;
    private bool _hasHello;

    /// <summary>RFC 8446, section 4.1.3: the random of a ServerHello that asks for another ClientHello.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>Whether the server has resumed a session.</summary>
    internal bool IsResumed { get; private set; }

    /// <summary>Looks at records that the server sends, as long as they matter.</summary>
    internal void See(ReadOnlySpan<byte> records)
    {
        while (!_isDecided && records.Length >= CipherWindow.HeaderSize)
        {
            int size = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(records[3..]), records.Length - CipherWindow.HeaderSize);
            SeeRecord(records[0], records.Slice(CipherWindow.HeaderSize, size));
            records = records[(CipherWindow.HeaderSize + size)..];
        }
    }

    private void SeeRecord(byte type, ReadOnlySpan<byte> content)
    {
        if (type != HandshakeRecord)
        {
            // In TLS 1.2 it follows the hello of a resumed session; in TLS 1.3 it means nothing, and the hello has decided.
            Decide(type == ChangeCipherSpecRecord && _hasHello, isDecided: type != ChangeCipherSpecRecord || _hasHello);
            return;
        }

        while (!_isDecided && content.Length >= MessageHeaderSize)
        {
            byte message = content[0];
            int size = (content[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(content[2..]);
            content = content[MessageHeaderSize..];
            size = Math.Min(size, content.Length);
            if (message == ServerHello)
            {
                SeeHello(content[..size]);
            }
            else
            {
                Decide(message == NewSessionTicket && _hasHello, isDecided: true);
            }

            content = content[size..];
        }
    }

    private void SeeHello(ReadOnlySpan<byte> hello)
    {
        if (hello.Length <= VersionSize + RandomSize)
        {
            Decide(isResumed: false, isDecided: true);
            return;
        }

        if (hello.Slice(VersionSize, RandomSize).SequenceEqual(RetryRandom))
        {
            return;
        }

        int afterSession = VersionSize + RandomSize + 1 + hello[VersionSize + RandomSize];
        int extensions = afterSession + CipherAndCompressionSize + sizeof(ushort);
        (bool isNew, bool hasKey) = hello.Length >= extensions ? SeeExtensions(hello[extensions..]) : (false, false);
        _hasHello = true;
        Decide(isNew && hasKey, isDecided: isNew);
    }

    private static (bool IsTls13, bool HasPreSharedKey) SeeExtensions(ReadOnlySpan<byte> extensions)
    {
        (bool isTls13, bool hasPreSharedKey) = (false, false);
        while (extensions.Length >= 2 * sizeof(ushort))
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            isTls13 |= type == SupportedVersions;
            hasPreSharedKey |= type == PreSharedKey;
            int size = 2 * sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(extensions[2..]);
            extensions = extensions[Math.Min(size, extensions.Length)..];
        }

        return (isTls13, hasPreSharedKey);
    }

    private void Decide(bool isResumed, bool isDecided)
    {
        IsResumed = isResumed;
        _isDecided = isDecided;
    }
}
