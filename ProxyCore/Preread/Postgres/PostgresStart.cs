using System.Buffers.Binary;
using System.Text;

namespace ProxyCore.Preread.Postgres;

/// <summary>
/// Recognizes the first message of a PostgreSQL client (PostgreSQL's documentation, "Message Formats"): a length of four bytes,
/// then a code of four. It keeps nothing between calls: the answer depends on the bytes alone.
/// </summary>
internal static class PostgresStart
{
    /// <summary>As many bytes are never answered with <see cref="PostgresStartKind.NeedMore"/>.</summary>
    internal const int MostBytes = 8;

    /// <summary>The answer to a request for encryption: the server is ready for it.</summary>
    internal const byte Accepted = (byte)'S';

    /// <summary>The answer to a request for encryption: it goes on without, or ends.</summary>
    internal const byte Declined = (byte)'N';

    private const int LengthSize = 4;
    private const int LongestStartup = 10000;
    private const int SqlStateLength = 5;

    /// <summary>With the process and a key of 4 bytes, as all versions before 3.2 have.</summary>
    private const int ShortestCancel = 16;

    /// <summary>With a key of 256 bytes, which version 3.2 allows.</summary>
    private const int LongestCancel = 268;

    /// <summary>The request for TLS.</summary>
    internal static ReadOnlySpan<byte> SslRequest => [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    private static ReadOnlySpan<byte> SslCode => SslRequest[LengthSize..];

    private static ReadOnlySpan<byte> GssEncCode => [0x04, 0xD2, 0x16, 0x30];

    private static ReadOnlySpan<byte> CancelCode => [0x04, 0xD2, 0x16, 0x2E];

    /// <summary>Version 3, whatever its minor number: the server may offer a lower one.</summary>
    private static ReadOnlySpan<byte> Version3 => [0, 3];

    /// <param name="received">Everything received on the connection so far, from its first byte.</param>
    internal static PostgresStartKind Read(ReadOnlySpan<byte> received)
    {
        received = received[..Math.Min(received.Length, MostBytes)];
        if (!MayBeLength(received))
        {
            return PostgresStartKind.NotPostgres;
        }

        if (received.Length <= LengthSize)
        {
            return PostgresStartKind.NeedMore;
        }

        PostgresStartKind kind = FindKind(received[LengthSize..], BinaryPrimitives.ReadInt32BigEndian(received));
        return kind == PostgresStartKind.NotPostgres || received.Length == MostBytes ? kind : PostgresStartKind.NeedMore;
    }

    /// <summary>
    /// A fatal error, as a server sends it before the log-in. Clients understand it instead of the answer to a request for
    /// encryption too, but only those without TLS show the message.
    /// </summary>
    /// <param name="sqlState">The five characters of the error code, such as 08004: the server rejects the connection.</param>
    /// <param name="message">What the user reads.</param>
    /// <exception cref="ArgumentException">The code has not five characters, or a text has a zero byte.</exception>
    internal static byte[] ErrorResponse(string sqlState, string message)
    {
        if (sqlState.Length != SqlStateLength || sqlState.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The code must have five characters.", nameof(sqlState));
        }

        if (message.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("The message must not have a zero byte.", nameof(message));
        }

        byte[] response = Encoding.UTF8.GetBytes($"E\0\0\0\0SFATAL\0VFATAL\0C{sqlState}\0M{message}\0\0");

        // The length counts itself, but not the type.
        BinaryPrimitives.WriteInt32BigEndian(response.AsSpan(1), response.Length - 1);
        return response;
    }

    private static bool MayBeLength(ReadOnlySpan<byte> received)
    {
        Span<byte> least = stackalloc byte[LengthSize];
        Span<byte> most = stackalloc byte[LengthSize];
        least.Clear();
        most.Fill(byte.MaxValue);
        ReadOnlySpan<byte> length = received[..Math.Min(received.Length, LengthSize)];
        length.CopyTo(least);
        length.CopyTo(most);
        return BinaryPrimitives.ReadUInt32BigEndian(least) <= LongestStartup
            && BinaryPrimitives.ReadUInt32BigEndian(most) >= SslRequest.Length;
    }

    /// <summary>The kind whose code begins with these bytes.</summary>
    private static PostgresStartKind FindKind(ReadOnlySpan<byte> code, int length) =>
        Matches(code, Version3) ? PostgresStartKind.Startup
        : length == SslRequest.Length && Matches(code, SslCode) ? PostgresStartKind.SslRequest
        : length == SslRequest.Length && Matches(code, GssEncCode) ? PostgresStartKind.GssEncRequest
        : length is >= ShortestCancel and <= LongestCancel && Matches(code, CancelCode) ? PostgresStartKind.CancelRequest
        : PostgresStartKind.NotPostgres;

    private static bool Matches(ReadOnlySpan<byte> code, ReadOnlySpan<byte> expected)
    {
        int count = Math.Min(code.Length, expected.Length);
        return code[..count].SequenceEqual(expected[..count]);
    }
}
