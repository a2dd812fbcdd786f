using System.Net.Sockets;

namespace ProxyCore.Bench.Chaos.Stage;

/// <summary>Reads what comes first on a connection, and not a byte more. It does not own the socket.</summary>
internal static class Head
{
    internal static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken patience)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, patience)..];
        }
    }

    /// <summary>Receives <paramref name="count"/> bytes; fewer when the stream ends, or when they are <paramref name="last"/>.</summary>
    internal static async Task<ReadOnlyMemory<byte>> ReceiveAsync(Socket socket, int count, byte[] last, CancellationToken patience)
    {
        var bytes = new byte[count];
        int length = 0;
        while (length < count && !bytes.AsSpan(0, length).SequenceEqual(last))
        {
            int received = await socket.ReceiveAsync(bytes.AsMemory(length), patience);
            if (received == 0)
            {
                break;
            }

            length += received;
        }

        return bytes.AsMemory(0, length);
    }
}
