using System.Diagnostics;
using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;
using ProxyCore.Tests.Loop;

namespace ProxyCore.Tests.Tls;

/// <summary>A transport under test, and its socket, called as the loop does: when the socket is ready for what it asks.</summary>
internal sealed class TlsEnd(TlsTransport transport, Socket socket) : IDisposable
{
    internal TlsTransport Transport { get; } = transport;

    internal Socket Socket { get; } = socket;

    /// <summary>The handshake to its end.</summary>
    internal HandshakeStatus Handshake()
    {
        HandshakeStatus status = Transport.Handshake();
        while (status == HandshakeStatus.NeedMore)
        {
            WaitFor(Transport.InterestFor(Interest.Read));
            status = Transport.Handshake();
        }

        return status;
    }

    /// <summary>Sends all of <paramref name="bytes"/>, until the socket has taken them.</summary>
    internal void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            TransferResult result = Transport.Send(bytes, out int count);
            Assert.That(result, Is.EqualTo(TransferResult.Success).Or.EqualTo(TransferResult.WouldBlock));
            bytes = bytes[count..];
            Flush();
        }
    }

    internal void Flush()
    {
        while (Transport.Flush() is var result && result != TransferResult.Success)
        {
            Assert.That(result, Is.EqualTo(TransferResult.WouldBlock));
            WaitFor(Interest.Write);
        }
    }

    /// <summary>Ends our direction as the relay does.</summary>
    internal void EndSending()
    {
        var end = new End(Socket, Transport);
        while (end.EndSending() is var result && result != TransferResult.Success)
        {
            Assert.That(result, Is.EqualTo(TransferResult.WouldBlock));
            WaitFor(Interest.Write);
        }
    }

    /// <summary>Receives once, waiting for it.</summary>
    internal TransferResult Receive(Span<byte> buffer, out int count)
    {
        TransferResult result = Transport.Receive(buffer, out count);
        while (result is TransferResult.WouldBlock or TransferResult.TryAgain)
        {
            if (!Transport.HoldsBytes)
            {
                WaitFor(Transport.InterestFor(Interest.Read));
            }

            result = Transport.Receive(buffer, out count);
        }

        return result;
    }

    internal byte[] ReceiveExactly(int size, int atATime = 64 * 1024)
    {
        var bytes = new byte[size];
        int received = 0;
        while (received < size)
        {
            Span<byte> rest = bytes.AsSpan(received, Math.Min(atATime, size - received));
            Assert.That(Receive(rest, out int count), Is.EqualTo(TransferResult.Success));
            Assert.That(count, Is.Positive, $"the stream ended after {received} of {size} bytes");
            received += count;
        }

        return bytes;
    }

    /// <summary>Receives the end of the stream, and nothing ahead of it.</summary>
    internal TransferResult ReceiveEnd()
    {
        TransferResult result = Receive(new byte[4096], out int count);
        Assert.That(count, Is.Zero);
        return result;
    }

    public void Dispose()
    {
        Transport.Release();
        Socket.Dispose();
    }

    private void WaitFor(Interest interest)
    {
        var watch = Stopwatch.StartNew();
        while (!IsReady(interest))
        {
            Assert.That(watch.Elapsed, Is.LessThan(SocketPair.Patience), $"the socket is not ready for {interest}");
        }
    }

    private bool IsReady(Interest interest)
    {
        if (interest == Interest.Read)
        {
            return Socket.Poll(100_000, SelectMode.SelectRead);
        }

        Assert.That(interest.HasFlag(Interest.Write), "nothing is waited for");
        return Socket.Poll(10_000, SelectMode.SelectWrite) || (interest.HasFlag(Interest.Read) && Socket.Poll(0, SelectMode.SelectRead));
    }
}
