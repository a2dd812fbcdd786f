using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Harness;

/// <summary>One end of a connection under test, in the words of the tests. Every wait is bounded.</summary>
internal sealed class Peer(Socket socket) : IDisposable
{
    internal Socket Socket { get; } = socket;

    internal static async Task<Peer> Connect(EndPoint endpoint)
    {
        ProtocolType protocol = endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, protocol);

        // A blocking connect: one that is finished by an event reports a reset that follows it as its own failure.
        try
        {
            await Bound.Within($"connect to {endpoint}", Task.Run(() => socket.Connect(endpoint)));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new Peer(socket);
    }

    internal Task Send(string text) => Send(System.Text.Encoding.UTF8.GetBytes(text));

    internal Task Send(ReadOnlyMemory<byte> bytes) => Bound.Within($"send {bytes.Length} bytes", async token =>
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Socket.SendAsync(bytes, token)..];
        }

        return true;
    });

    /// <summary>Sends nothing more; still receives.</summary>
    internal void Fin() => Socket.Shutdown(SocketShutdown.Send);

    internal void Reset() => Socket.Close(0);

    internal Task<byte[]> Receive(int count) => Bound.Within($"receive {count} bytes", async token =>
    {
        var bytes = new byte[count];
        int received = 0;
        while (received < count)
        {
            int more = await Socket.ReceiveAsync(bytes.AsMemory(received), token);
            Assert.That(more, Is.Positive, $"the stream ended after {received} of {count} bytes");
            received += more;
        }

        return bytes;
    });

    internal async Task<string> ReceiveText(int count) => System.Text.Encoding.UTF8.GetString(await Receive(count));

    /// <summary>Sends to an echo and gets the same back.</summary>
    internal async Task Echoes(ReadOnlyMemory<byte> bytes)
    {
        Task<byte[]> back = Receive(bytes.Length);
        await Send(bytes);
        Assert.That((await back).AsSpan().SequenceEqual(bytes.Span), "the bytes differ");
    }

    internal Task Echoes(string text) => Echoes(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>What comes before the end, be it a FIN or a reset.</summary>
    internal async Task<byte[]> ReceiveWhatComes() => (await ReceiveUntilItEnds()).Bytes;

    internal async Task<byte[]> ReceiveToEnd()
    {
        (byte[] bytes, bool reset) = await ReceiveUntilItEnds();
        Assert.That(reset, Is.False, $"a reset after {bytes.Length} bytes, not a FIN");
        return bytes;
    }

    internal async Task ReceivesEof() => Assert.That(await ReceiveToEnd(), Is.Empty, "bytes before the end");

    /// <summary>What comes before the reset, which must come.</summary>
    internal async Task<byte[]> ReceiveToReset()
    {
        (byte[] bytes, bool reset) = await ReceiveUntilItEnds();
        Assert.That(reset, $"a FIN after {bytes.Length} bytes, not a reset");
        return bytes;
    }

    internal async Task ReceivesReset() => Assert.That(await ReceiveToReset(), Is.Empty, "bytes before the reset");

    public void Dispose() => Socket.Dispose();

    private Task<(byte[] Bytes, bool Reset)> ReceiveUntilItEnds() => Bound.Within("the end of the stream", async token =>
    {
        var bytes = new MemoryStream();
        var buffer = new byte[256 * 1024];
        try
        {
            while (await Socket.ReceiveAsync(buffer, token) is var count and > 0)
            {
                bytes.Write(buffer, 0, count);
            }

            return (bytes.ToArray(), false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (bytes.ToArray(), true);
        }
    });
}
