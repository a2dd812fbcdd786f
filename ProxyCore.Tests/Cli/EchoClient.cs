using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Cli;

/// <summary>A client of an <see cref="EchoServer"/>, through the proxy.</summary>
internal sealed class EchoClient : IDisposable
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(10);
    private readonly TcpClient _client;

    private EchoClient(TcpClient client) => _client = client;

    /// <summary>Connects and waits for an echo: from then on the proxy is relaying.</summary>
    internal static async Task<EchoClient> ConnectAsync(int port)
    {
        var client = new EchoClient(new TcpClient { NoDelay = true });
        await client._client.ConnectAsync(IPAddress.Loopback, port).WaitAsync(_bound);
        await client.EchoAsync("ping"u8.ToArray());
        return client;
    }

    internal async Task EchoAsync(byte[] bytes)
    {
        byte[] echo = new byte[bytes.Length];
        await _client.GetStream().WriteAsync(bytes).AsTask().WaitAsync(_bound);
        await _client.GetStream().ReadExactlyAsync(echo).AsTask().WaitAsync(_bound);
        Assert.That(echo, Is.EqualTo(bytes));
    }

    internal async Task SeesItsEnd()
    {
        try
        {
            int count = await _client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(_bound);
            Assert.That(count, Is.Zero);
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    public void Dispose() => _client.Dispose();
}
