using System.Text;

namespace ProxyCore.Bench.Load;

/// <summary>The request that is sent, and the answer that must come: learned once, then every answer is held against it.</summary>
internal sealed class Exchange
{
    private const int LongestHead = 4096;
    private const string LengthField = "content-length:";

    private readonly byte[][] _requests;
    private readonly byte[] _body;
    private int _next;

    private Exchange(byte[][] requests, long length, byte[] body)
    {
        _requests = requests;
        Length = length;
        _body = body;
    }

    /// <summary>What a connection that needs only one request sends.</summary>
    internal byte[] Request => _requests[0];

    /// <summary>The bytes of one answer, head and body.</summary>
    internal long Length { get; }

    /// <summary>Asks once; an answer must come within ten seconds.</summary>
    /// <param name="connection">Where to ask.</param>
    /// <param name="requests">What to ask; the first is asked now, and all have the same answer.</param>
    internal static Exchange Learn(Stream connection, byte[][] requests)
    {
        connection.ReadTimeout = 10_000;
        connection.Write(requests[0]);

        byte[] buffer = new byte[LongestHead];
        int count = 0;
        int head;
        while ((head = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = count < buffer.Length ? connection.Read(buffer.AsSpan(count)) : 0;
            count += read > 0 ? read : throw new InvalidDataException("the answer has no end of its head");
        }

        head += 4;
        long bodyLength = ReadLength(Encoding.ASCII.GetString(buffer, 0, head));
        byte[] body = bodyLength <= LongestHead - head ? ReadBody(connection, buffer, head, count, (int)bodyLength) : [];
        return new Exchange(requests, head + bodyLength, body);
    }

    /// <summary>The request whose turn it is.</summary>
    internal byte[] NextRequest() => _requests[_next++ % _requests.Length];

    /// <summary>Whether an answer that came in one piece is the right one. A date in its head may differ.</summary>
    internal bool IsRight(ReadOnlySpan<byte> answer) => answer.StartsWith("HTTP/1.1 200 "u8) && answer.EndsWith(_body);

    private static byte[] ReadBody(Stream connection, byte[] buffer, int head, int count, int length)
    {
        while (count < head + length)
        {
            int read = connection.Read(buffer.AsSpan(count));
            count += read > 0 ? read : throw new InvalidDataException("the answer ends early");
        }

        return buffer[head..(head + length)];
    }

    private static long ReadLength(string head)
    {
        int field = head.IndexOf(LengthField, StringComparison.OrdinalIgnoreCase);
        int end = field < 0 ? -1 : head.IndexOf('\r', field);
        return end > 0 && long.TryParse(head.AsSpan(field + LengthField.Length, end - field - LengthField.Length), out long length)
            ? length
            : throw new InvalidDataException("the answer does not tell its length");
    }
}
