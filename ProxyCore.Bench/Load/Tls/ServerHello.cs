using System.Buffers.Binary;
using System.Net.Security;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>What a TLS 1.3 server has chosen, as its first record says in plain text (RFC 8446, section 4.1.3).</summary>
/// <param name="Suite">The cipher suite.</param>
/// <param name="Group">The number of the group that the keys are exchanged in; 0 where none is.</param>
/// <param name="IsResumed">Whether the session of an earlier connection goes on.</param>
internal sealed record ServerHello(TlsCipherSuite Suite, int Group, bool IsResumed)
{
    private const byte HandshakeRecord = 22;
    private const byte ServerHelloMessage = 2;
    private const int RecordHeader = 5;
    private const int SessionIdLength = RecordHeader + 4 + 2 + 32;
    private const int SupportedVersions = 43;
    private const int PreSharedKey = 41;
    private const int KeyShare = 51;
    private const int Tls13 = 0x0304;

    /// <summary>The version, the cipher suite and the group.</summary>
    internal string Negotiated => $"TLS 1.3, {Suite}, {GroupName}";

    private string GroupName => Group switch
    {
        23 => "P-256",
        24 => "P-384",
        29 => "X25519",
        30 => "X448",
        _ => $"group {Group}",
    };

    /// <summary>Reads the record at the start of <paramref name="received"/>; null when it is not there to its end.</summary>
    /// <exception cref="InvalidDataException">It is no hello of a TLS 1.3 server.</exception>
    internal static ServerHello? Read(ReadOnlySpan<byte> received)
    {
        if (received.Length < RecordHeader)
        {
            return null;
        }

        int end = RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(received[3..]);
        if (received[0] != HandshakeRecord || end <= SessionIdLength)
        {
            throw new InvalidDataException("the server's first record is not a hello");
        }

        return received.Length < end ? null : ReadMessage(received[..end]);
    }

    private static ServerHello ReadMessage(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> rest = record[(SessionIdLength + 1 + record[SessionIdLength])..];
        if (record[RecordHeader] != ServerHelloMessage || rest.Length < 5)
        {
            throw new InvalidDataException("the server's first record is not a hello");
        }

        var suite = (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(rest);
        int version = 0;
        int group = 0;
        bool isResumed = false;
        // The suite, the method of compression and the length of the extensions stand before them.
        for (rest = rest[5..]; rest.Length >= 4; rest = rest[(4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..])
        {
            int kind = BinaryPrimitives.ReadUInt16BigEndian(rest);
            isResumed |= kind == PreSharedKey;
            version = kind == SupportedVersions ? BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) : version;
            group = kind == KeyShare ? BinaryPrimitives.ReadUInt16BigEndian(rest[4..]) : group;
        }

        return version == Tls13
            ? new ServerHello(suite, group, isResumed)
            : throw new InvalidDataException("the server did not choose TLS 1.3");
    }
}
