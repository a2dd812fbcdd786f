using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WithXunit;

/// <summary>
/// As much of a PostgreSQL server as Npgsql needs to log in and to ask one question, whose answer is always 1. A test of your
/// own has a real server here.
/// </summary>
internal sealed class PostgresStandIn : IDisposable
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    internal PostgresStandIn()
    {
        _listener.Start();
        _ = Serve();
    }

    internal string Address => _listener.LocalEndpoint.ToString()!;

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                _ = Talk(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private static async Task Talk(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                await LogIn(stream);
                while (await Answer(stream))
                {
                }
            }
            catch (IOException)
            {
                // The client is gone: what this server is for.
            }
        }
    }

    private static async Task LogIn(NetworkStream stream)
    {
        while (BinaryPrimitives.ReadInt32BigEndian(await ReadBody(stream)) is SslRequest or GssRequest)
        {
            await stream.WriteAsync("N"u8.ToArray());
        }

        var reply = new MemoryStream();
        Put(reply, 'R', [0, 0, 0, 0]);
        Put(reply, 'S', "server_version\0"u8, "15.0\0"u8);
        Put(reply, 'S', "client_encoding\0"u8, "UTF8\0"u8);
        Put(reply, 'S', "standard_conforming_strings\0"u8, "on\0"u8);
        Put(reply, 'K', [0, 0, 0, 1, 0, 0, 0, 1]);
        Put(reply, 'Z', "I"u8);
        await stream.WriteAsync(reply.ToArray());
    }

    /// <summary>Answers what the client sends up to its next Sync; false when it leaves.</summary>
    private static async Task<bool> Answer(NetworkStream stream)
    {
        var reply = new MemoryStream();
        while (true)
        {
            var type = new byte[1];
            await stream.ReadExactlyAsync(type);
            byte[] body = await ReadBody(stream);
            switch ((char)type[0])
            {
                case 'P':
                    Put(reply, '1');
                    break;
                case 'B':
                    Put(reply, '2');
                    break;
                case 'D':
                    // One column without a name, an int4 in binary form.
                    Put(reply, 'T', [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 4, 255, 255, 255, 255, 0, 1]);
                    break;
                case 'E':
                    Put(reply, 'D', [0, 1, 0, 0, 0, 4, 0, 0, 0, 1]);
                    Put(reply, 'C', "SELECT 1\0"u8);
                    break;
                case 'Q':
                    Put(reply, 'C', Encoding.UTF8.GetString(body).Contains("DISCARD", StringComparison.Ordinal) ? "DISCARD ALL\0"u8 : "SELECT 0\0"u8);
                    goto case 'S';
                case 'S':
                    Put(reply, 'Z', "I"u8);
                    await stream.WriteAsync(reply.ToArray());
                    return true;
                case 'X':
                    return false;
            }
        }
    }

    private static async Task<byte[]> ReadBody(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - length.Length];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    private static void Put(MemoryStream reply, char type, ReadOnlySpan<byte> body = default, ReadOnlySpan<byte> more = default)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, length.Length + body.Length + more.Length);
        reply.WriteByte((byte)type);
        reply.Write(length);
        reply.Write(body);
        reply.Write(more);
    }
}
