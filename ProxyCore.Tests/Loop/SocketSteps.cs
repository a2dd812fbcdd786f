using System.Net.Sockets;

namespace ProxyCore.Tests.Loop;

/// <summary>What tests do with sockets, each wait bounded.</summary>
internal static class SocketSteps
{
    internal static void WaitReadable(this Socket socket) =>
        Assert.That(socket.Poll(SocketPair.Patience, SelectMode.SelectRead), Is.True, "never readable");

    internal static void WaitWritable(this Socket socket) =>
        Assert.That(socket.Poll(SocketPair.Patience, SelectMode.SelectWrite), Is.True, "never writable");

    /// <summary>One receive on a non-blocking socket: how many bytes, and what it came to.</summary>
    internal static (int Count, SocketError Error) TryReceive(this Socket socket)
    {
        int count = socket.Receive(new byte[1024], SocketFlags.None, out SocketError error);
        return (count, error);
    }

    /// <summary>Reads until <paramref name="count"/> bytes are there.</summary>
    internal static byte[] ReceiveExactly(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int filled = 0; filled < count;)
        {
            int got = socket.Receive(bytes.AsSpan(filled));
            Assert.That(got, Is.GreaterThan(0), $"the stream ended after {filled} of {count} bytes");
            filled += got;
        }

        return bytes;
    }

    /// <summary>Reads what a non-blocking socket has at the moment.</summary>
    internal static byte[] ReceiveAvailable(this Socket socket)
    {
        byte[] buffer = new byte[1024 * 1024];
        int filled = 0;
        while (socket.Poll(0, SelectMode.SelectRead) && socket.Receive(buffer.AsSpan(filled)) is > 0 and var got)
        {
            filled += got;
        }

        return buffer[..filled];
    }

    /// <summary>Sends to a non-blocking socket until the kernel takes no more; returns how many bytes it took.</summary>
    internal static int FillSendBuffer(this Socket socket)
    {
        byte[] chunk = new byte[64 * 1024];
        int total = 0;
        while (true)
        {
            int sent = socket.Send(chunk, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return total;
            }

            Assert.That(error, Is.EqualTo(SocketError.Success));
            total += sent;
        }
    }

    /// <summary>Bytes in which a lost, doubled or moved one shows.</summary>
    internal static byte[] Pattern(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
