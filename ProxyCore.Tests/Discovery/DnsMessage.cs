using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxyCore.Tests.Discovery;

/// <summary>One record of a zone. Names have no dot at the end; the target <c>.</c> is the root.</summary>
internal sealed record ZoneRecord(string Name, ushort Type, byte[] Data, int Ttl)
{
    internal const ushort A = 1;
    internal const ushort Cname = 5;
    internal const ushort Aaaa = 28;
    internal const ushort Srv = 33;

    /// <summary>The host that an SRV record leads to; null of another.</summary>
    internal string? Target { get; private init; }

    internal static ZoneRecord OfService(string name, int priority, int weight, int port, string target, int ttl = 5)
    {
        byte[] numbers = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)priority);
        BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(2), (ushort)weight);
        BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(4), (ushort)port);
        return new ZoneRecord(name, Srv, [.. numbers, .. DnsMessage.Encode(target)], ttl) { Target = target };
    }

    internal static ZoneRecord OfAddress(string name, string address, int ttl = 5) =>
        IPAddress.Parse(address) is var ip && ip.AddressFamily == AddressFamily.InterNetwork
            ? new ZoneRecord(name, A, ip.GetAddressBytes(), ttl)
            : new ZoneRecord(name, Aaaa, ip.GetAddressBytes(), ttl);

    internal static ZoneRecord OfAlias(string name, string target, int ttl = 5) => new(name, Cname, DnsMessage.Encode(target), ttl);
}

/// <summary>Messages of the DNS, byte by byte, without the code that is tested.</summary>
internal static class DnsMessage
{
    internal const int NoError = 0;
    internal const int ServerFailure = 2;
    internal const int NoSuchName = 3;

    private const int HeaderLength = 12;

    /// <summary>Reads the one question of a query.</summary>
    internal static (string Name, ushort Type) ReadQuestion(ReadOnlySpan<byte> query)
    {
        var labels = new List<string>();
        int at = HeaderLength;
        while (query[at] is var length and > 0)
        {
            labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, length)));
            at += length + 1;
        }

        return (string.Join('.', labels), BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]));
    }

    /// <summary>Answers a query, with as many of the records as fit; if not all do, the answer says that it is cut.</summary>
    internal static byte[] Answer(ReadOnlySpan<byte> query, int code, IReadOnlyList<ZoneRecord> answers, IReadOnlyList<ZoneRecord> additional, int most)
    {
        byte[] question = [.. Encode(ReadQuestion(query).Name), .. query[(HeaderLength + Encode(ReadQuestion(query).Name).Length)..][..4]];
        var body = new List<byte>(question);
        int[] fit = [Append(body, answers, most), 0];
        fit[1] = fit[0] == answers.Count ? Append(body, additional, most) : 0;
        bool isCut = fit[0] < answers.Count || fit[1] < additional.Count;

        // QR, AA and RA, RD as it was asked; TC.
        byte flags = (byte)(0x84 | (query[2] & 1) | (isCut ? 2 : 0));
        return [query[0], query[1], flags, (byte)(0x80 | code), 0, 1, 0, (byte)fit[0], 0, 0, 0, (byte)fit[1], .. body];
    }

    internal static byte[] Encode(string name)
    {
        var bytes = new List<byte>();
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0];
    }

    private static int Append(List<byte> body, IReadOnlyList<ZoneRecord> records, int most)
    {
        int count = 0;
        foreach (ZoneRecord record in records)
        {
            byte[] numbers = new byte[10];
            BinaryPrimitives.WriteUInt16BigEndian(numbers, record.Type);
            BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(2), 1);
            BinaryPrimitives.WriteInt32BigEndian(numbers.AsSpan(4), record.Ttl);
            BinaryPrimitives.WriteUInt16BigEndian(numbers.AsSpan(8), (ushort)record.Data.Length);
            byte[] whole = [.. Encode(record.Name), .. numbers, .. record.Data];
            if (HeaderLength + body.Count + whole.Length > most)
            {
                break;
            }

            body.AddRange(whole);
            count++;
        }

        return count;
    }
}
