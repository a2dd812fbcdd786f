using System.Net.Sockets;
using ProxyCore.Relay;

namespace ProxyCore.Connections.Opening;

/// <summary>Says a last thing to a client that is refused.</summary>
internal static class Farewell
{
    private const int MostDiscarded = 64 * 1024;

    /// <summary>
    /// Sends <paramref name="bytes"/> and a FIN. What the client has sent by now is discarded: bytes that are not read when a
    /// socket is closed make Linux send a reset, and that may overtake what was sent before.
    /// </summary>
    internal static void Send(Socket client, ReadOnlySpan<byte> bytes)
    {
        Span<byte> discarded = stackalloc byte[2048];
        for (int count = 1, sum = 0; count > 0 && sum < MostDiscarded; sum += count)
        {
            SocketTransfer.Receive(client, discarded, out count);
        }

        // Nothing is sent when all was said before. A few bytes always fit into the buffer of a socket that has sent nothing.
        if (SocketTransfer.Send(client, bytes, out _) == TransferResult.Success)
        {
            new End(client, transport: null).EndSending();
        }
    }
}
