using System.Buffers;
using System.Net.Security;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>What one TLS connection does.</summary>
internal static class TlsVisit
{
    private const int LongestAnswer = 4096;

    /// <summary>Opens a connection, asks, reads to the end, and closes.</summary>
    /// <exception cref="InvalidOperationException">The connection ended early, or its answer is wrong.</exception>
    internal static async Task AskOnceAsync(TlsClient client, Exchange exchange)
    {
        await using SslStream stream = await client.OpenAsync().ConfigureAwait(false);
        await stream.WriteAsync(exchange.Request).ConfigureAwait(false);
        await ReadAnswerAsync(stream, exchange).ConfigureAwait(false);
        // A ticket, which the next connection resumes with, may come behind the answer.
        if (await stream.ReadAsync(new byte[1]).ConfigureAwait(false) != 0)
        {
            throw new InvalidOperationException("more came than the answer");
        }
    }

    /// <summary>Asks on a connection that stays open.</summary>
    /// <exception cref="InvalidOperationException">The connection ended, or its answer is wrong.</exception>
    internal static async Task AskAsync(SslStream stream, Exchange exchange)
    {
        await stream.WriteAsync(exchange.Request).ConfigureAwait(false);
        await ReadAnswerAsync(stream, exchange).ConfigureAwait(false);
    }

    private static async Task ReadAnswerAsync(SslStream stream, Exchange exchange)
    {
        byte[] answer = ArrayPool<byte>.Shared.Rent(LongestAnswer);
        int length = (int)exchange.Length;
        for (int received = 0; received < length;)
        {
            int count = await stream.ReadAsync(answer.AsMemory(received)).ConfigureAwait(false);
            received += count;
            if (count == 0 || received > length)
            {
                throw new InvalidOperationException(count == 0 ? "a connection ended early" : "an answer is too long");
            }
        }

        bool isRight = exchange.IsRight(answer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(answer);
        if (!isRight)
        {
            throw new InvalidOperationException("an answer is wrong");
        }
    }
}
