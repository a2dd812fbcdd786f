using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Tests.Cli;

/// <summary>An upstream that sends back what it gets.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    internal EchoServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    internal string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{_listener.LocalEndpoint}");

    public void Dispose() => _listener.Dispose();

    private static async Task EchoAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().CopyToAsync(client.GetStream());
            }
            catch (IOException)
            {
                // The proxy cut it: that is some tests' point.
            }
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = EchoAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
