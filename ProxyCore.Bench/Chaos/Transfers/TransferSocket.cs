using System.Buffers;
using System.Net.Sockets;

namespace ProxyCore.Bench.Chaos.Transfers;

/// <summary>One end of a transfer: sends its own bytes, and compares those that arrive.</summary>
/// <param name="socket">Connected.</param>
/// <param name="number">The number of the transfer.</param>
/// <param name="isClient">Which of the two ends it is.</param>
/// <param name="readPause">How long to wait before each read, in ms.</param>
internal sealed class TransferSocket(Socket socket, int number, bool isClient, int readPause) : IDisposable
{
    private const int Chunk = 64 * 1024;

    // Linux, include/uapi/linux/tcp.h and include/net/tcp_states.h: the state is the first byte of TCP_INFO.
    private const int TcpInfo = 11;
    private const byte TcpClose = 7;

    private long _sentOfPattern;
    private long _receivedOfPattern;
    private bool _hasFinished;

    /// <summary>How many bytes were sent, header and banner included.</summary>
    internal long Sent { get; private set; }

    /// <summary>How many bytes were received, header and banner included.</summary>
    internal long Received { get; private set; }

    private int OwnStream => (2 * number) + (isClient ? 0 : 1);

    private int OtherStream => (2 * number) + (isClient ? 1 : 0);

    /// <summary>Sends bytes that are no part of the pattern.</summary>
    internal async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken patience)
    {
        while (bytes.Length > 0)
        {
            int sent = await socket.SendAsync(bytes, patience);
            Sent += sent;
            bytes = bytes[sent..];
        }
    }

    /// <summary>Sends the next <paramref name="count"/> bytes of the pattern.</summary>
    internal async Task SendAsync(long count, CancellationToken patience)
    {
        while (count > 0)
        {
            int sent = await socket.SendAsync(Pattern.At(OwnStream, _sentOfPattern, (int)Math.Min(count, Chunk)), patience);
            Sent += sent;
            _sentOfPattern += sent;
            count -= sent;
        }
    }

    /// <summary>Receives the next <paramref name="count"/> bytes of the pattern.</summary>
    /// <exception cref="BrokenTransferException">They are others, or end too early.</exception>
    internal async Task ReceiveAsync(long count, CancellationToken patience)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            while (count > 0)
            {
                int received = await ReceiveSomeAsync(buffer.AsMemory(0, (int)Math.Min(count, Chunk)), patience);
                if (!Pattern.Matches(OtherStream, _receivedOfPattern, buffer.AsSpan(0, received)))
                {
                    throw new BrokenTransferException(EndOfTransfer.WrongBytes);
                }

                _receivedOfPattern += received;
                count -= received;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Receives bytes that must be <paramref name="expected"/>.</summary>
    internal async Task ReceiveAsync(byte[] expected, CancellationToken patience)
    {
        var buffer = new byte[expected.Length];
        for (int count = 0; count < buffer.Length;)
        {
            count += await ReceiveSomeAsync(buffer.AsMemory(count), patience);
        }

        if (!buffer.AsSpan().SequenceEqual(expected))
        {
            throw new BrokenTransferException(EndOfTransfer.WrongBytes);
        }
    }

    /// <summary>Receives the FIN, and nothing before it.</summary>
    /// <exception cref="BrokenTransferException">More bytes came.</exception>
    internal async Task ReceiveFinAsync(CancellationToken patience)
    {
        if (await socket.ReceiveAsync(new byte[1], patience) > 0)
        {
            Received++;
            throw new BrokenTransferException(EndOfTransfer.TooMuch);
        }

        if (WasReset())
        {
            throw new BrokenTransferException(EndOfTransfer.Reset);
        }
    }

    /// <summary>Sends the FIN.</summary>
    internal void Finish()
    {
        socket.Shutdown(SocketShutdown.Send);
        _hasFinished = true;
    }

    /// <summary>Resets the connection. Safe on any thread.</summary>
    internal void Reset() => socket.Close(0);

    public void Dispose() => socket.Dispose();

    private async Task<int> ReceiveSomeAsync(Memory<byte> buffer, CancellationToken patience)
    {
        if (readPause > 0)
        {
            await Task.Delay(readPause, patience);
        }

        int received = await socket.ReceiveAsync(buffer, patience);
        Received += received;
        return received > 0 ? received : throw new BrokenTransferException(WasReset() ? EndOfTransfer.Reset : EndOfTransfer.EarlyFin);
    }

    // The system tells a reset once. When a send was told, a receive sees only an end, as after a FIN; but after a FIN the
    // socket is not closed as long as this end has sent none itself. Once it has, nothing is sent that could be told.
    private bool WasReset()
    {
        Span<byte> state = stackalloc byte[1];
        return !_hasFinished
            && socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, state) > 0
            && state[0] == TcpClose;
    }
}
