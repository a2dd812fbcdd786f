using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Proxying;

/// <summary>Bytes that are sent as fast as they are taken, from one side of a connection to the other.</summary>
internal sealed class Flow : IDisposable
{
    // Less than the kernel holds for a connection.
    private const int Ahead = 64 * 1024;

    private readonly Ends _ends;
    private readonly Task _sending;
    private readonly Task _receiving;
    private long _sent;
    private long _received;

    internal Flow(Ends ends)
    {
        _ends = ends;
        _sending = Task.Run(() => Send(ends.Side.Socket));
        _receiving = Task.Run(() => Receive(ends.Other.Socket));
    }

    /// <summary>How many bytes have come to the other side.</summary>
    internal long Received => Volatile.Read(ref _received);

    /// <summary>Waits until so many bytes have come. Without the loop: asking it would make it turn.</summary>
    internal Task Receives(long count) => Bound.Within($"{count} bytes", async token =>
    {
        while (Received < count)
        {
            await Task.Delay(1, token);
        }

        return true;
    });

    /// <summary>Waits until bytes are on their way: the clock of a test may go faster than those who send.</summary>
    internal Task IsAhead() => Bound.Within("bytes on their way", async token =>
    {
        while (Volatile.Read(ref _sent) - Received < Ahead)
        {
            await Task.Delay(1, token);
        }

        return true;
    });

    public void Dispose()
    {
        _ends.Dispose();
        _ = Task.WaitAll([_sending, _receiving], Bound.Wait);
    }

    private async Task Send(Socket socket)
    {
        byte[] bytes = RandomBytes.Of(64 * 1024);
        try
        {
            while (true)
            {
                Volatile.Write(ref _sent, _sent + await socket.SendAsync(bytes));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Receive(Socket socket)
    {
        byte[] buffer = new byte[256 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
            {
                Volatile.Write(ref _received, _received + count);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
