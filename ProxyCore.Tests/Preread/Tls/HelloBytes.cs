using System.Buffers.Binary;
using System.Text;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>Builds ClientHellos byte by byte, valid ones and others.</summary>
internal static class HelloBytes
{
    internal const ushort ServerNameType = 0;
    internal const ushort AlpnType = 16;
    internal const ushort PaddingType = 21;
    internal const ushort PreSharedKeyType = 41;
    internal const ushort EarlyDataType = 42;
    internal const ushort EncryptedHelloType = 0xFE0D;
    internal const ushort GreaseType = 0x3A3A;

    private const int MaxFragment = 16384;

    internal static byte[] Vector8(params byte[] content) => [(byte)content.Length, .. content];

    internal static byte[] Vector16(params byte[] content) => [.. UInt16(content.Length), .. content];

    internal static byte[] Extension(ushort type, params byte[] data) => [.. UInt16(type), .. Vector16(data)];

    internal static byte[] HostName(string name) => HostName(Encoding.Latin1.GetBytes(name));

    internal static byte[] HostName(byte[] name) => [0, .. Vector16(name)];

    internal static byte[] ServerName(string name) => Extension(ServerNameType, Vector16(HostName(name)));

    internal static byte[] Alpn(params string[] protocols) =>
        Extension(AlpnType, Vector16([.. protocols.SelectMany(static name => Vector8(Encoding.Latin1.GetBytes(name)))]));

    /// <summary>The body with these extensions; without the length of extensions if they are null.</summary>
    internal static byte[] Body(byte[]? extensions, int session = 32, int suites = 3, byte[]? compressions = null) =>
    [
        3, 3, .. Enumerable.Repeat((byte)0xC1, 32),
        .. Vector8(new byte[session]),
        .. Vector16([.. Enumerable.Range(0, suites).SelectMany(static suite => UInt16(0x1301 + suite))]),
        .. Vector8(compressions ?? [0]),
        .. extensions is null ? [] : Vector16(extensions),
    ];

    internal static byte[] Message(byte[] body, byte type = 1) =>
        [type, (byte)(body.Length >> 16), .. UInt16(body.Length & 0xFFFF), .. body];

    internal static byte[] Record(byte[] fragment, byte type = 22, byte minor = 1) => [type, 3, minor, .. Vector16(fragment)];

    /// <summary>The message in records of a size.</summary>
    internal static byte[] Records(byte[] message, int size = MaxFragment) =>
        [.. message.Chunk(size).SelectMany(static fragment => Record(fragment))];

    /// <summary>A whole first flight with these extensions.</summary>
    internal static byte[] Hello(params byte[][] extensions) =>
        Records(Message(Body([.. extensions.SelectMany(static extension => extension)])));

    /// <summary>The message out of the records of a first flight that holds nothing else.</summary>
    internal static byte[] MessageOf(ReadOnlySpan<byte> records)
    {
        List<byte> message = [];
        while (!records.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            message.AddRange(records.Slice(5, length));
            records = records[(5 + length)..];
        }

        return [.. message];
    }

    private static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];
}
