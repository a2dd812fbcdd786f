using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Discovery;

/// <summary>
/// A server of the DNS on loopback that answers as CoreDNS does: a TTL of 5 s, SRV records with the addresses of their hosts, over
/// UDP 512 bytes at most, and whole over TCP.
/// </summary>
internal sealed class TestDns : IAsyncDisposable
{
    private const int MostOverUdp = 512;

    private readonly CancellationTokenSource _ends = new();
    private readonly Socket _udp;
    private readonly Socket _tcp;
    private readonly Task _serving;
    private volatile ZoneRecord[] _zone = [];

    internal TestDns()
    {
        (_udp, _tcp) = Bind();
        _serving = Task.WhenAll(ServeUdp(), ServeTcp());
    }

    internal IPEndPoint Endpoint => (IPEndPoint)_udp.LocalEndPoint!;

    /// <summary>Whether it takes queries and says nothing.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>The error of every answer; none.</summary>
    internal int Code { get; set; }

    /// <summary>Whether addresses come with SRV records, as from CoreDNS; not from unbound.</summary>
    internal bool AddsAddresses { get; set; } = true;

    /// <summary>What it was asked, in this order.</summary>
    internal ConcurrentQueue<(string Name, ushort Type, bool IsTcp)> Asked { get; } = new();

    internal void Serve(params ZoneRecord[] zone) => _zone = zone;

    /// <summary>Waits until it was asked so often for records of a type.</summary>
    internal Task WasAsked(ushort type, int times) => Bound.Within($"{times} queries", async token =>
    {
        while (CountOf(type) < times)
        {
            await Task.Delay(1, token);
        }

        return true;
    });

    internal int CountOf(ushort type) => Asked.Count(one => one.Type == type);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    /// <summary>The same port for both; that of one may be taken for the other.</summary>
    private static (Socket Udp, Socket Tcp) Bind()
    {
        for (int attempt = 1; ; attempt++)
        {
            var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                udp.Bind(tcp.LocalEndPoint!);
                tcp.Listen();
                return (udp, tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                tcp.Dispose();
                udp.Dispose();
            }
        }
    }

    private async Task ServeUdp()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            SocketReceiveFromResult query = await _udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _ends.Token);
            if (Answer(buffer.AsSpan(0, query.ReceivedBytes), isTcp: false) is { } answer)
            {
                await _udp.SendToAsync(answer, query.RemoteEndPoint, _ends.Token);
            }
        }
    }

    private async Task ServeTcp()
    {
        while (true)
        {
            Socket client = await _tcp.AcceptAsync(_ends.Token);
            _ = ServeTcp(client);
        }
    }

    private async Task ServeTcp(Socket client)
    {
        using Socket _ = client;
        using var stream = new NetworkStream(client);
        byte[] size = new byte[2];
        while (await stream.ReadAtLeastAsync(size, 2, throwOnEndOfStream: false, _ends.Token) == 2)
        {
            byte[] query = new byte[(size[0] << 8) | size[1]];
            await stream.ReadExactlyAsync(query, _ends.Token);
            if (Answer(query, isTcp: true) is { } answer)
            {
                await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], _ends.Token);
            }
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> query, bool isTcp)
    {
        (string name, ushort type) = DnsMessage.ReadQuestion(query);
        Asked.Enqueue((name, type, isTcp));
        int most = isTcp ? ushort.MaxValue : MostOverUdp;
        if (IsSilent)
        {
            return null;
        }

        ZoneRecord[] zone = _zone;
        ZoneRecord[] answers = [.. Find(zone, name, type)];
        ZoneRecord[] additional = AddsAddresses
            ? [.. zone.Where(one => one.Type is ZoneRecord.A or ZoneRecord.Aaaa && answers.Any(answer => answer.Target == one.Name))]
            : [];
        bool exists = Array.Exists(zone, one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        int code = Code != DnsMessage.NoError ? Code : exists ? DnsMessage.NoError : DnsMessage.NoSuchName;
        return Code != DnsMessage.NoError
            ? DnsMessage.Answer(query, code, [], [], most)
            : DnsMessage.Answer(query, code, answers, additional, most);
    }

    private static IEnumerable<ZoneRecord> Find(ZoneRecord[] zone, string name, ushort type)
    {
        foreach (ZoneRecord record in zone.Where(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            if (record.Type == type)
            {
                yield return record;
            }
            else if (record.Type == ZoneRecord.Cname)
            {
                // What the alias leads to comes in the same answer.
                yield return record;
                foreach (ZoneRecord behind in zone.Where(one => one.Type == type && DnsMessage.Encode(one.Name).AsSpan().SequenceEqual(record.Data)))
                {
                    yield return behind;
                }
            }
        }
    }
}
