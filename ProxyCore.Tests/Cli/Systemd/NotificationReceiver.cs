using System.Net.Sockets;
using System.Text;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Cli.Systemd;

/// <summary>Where systemd would hear of its service.</summary>
internal sealed class NotificationReceiver : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    internal NotificationReceiver() => _socket.Bind(new UnixDomainSocketEndPoint(Path));

    internal string Path => System.IO.Path.Combine(_folder.FullName, "notify");

    /// <summary>The next message, a line for each assignment.</summary>
    internal Task<string[]> Next() => Bound.Within("a notification", async token =>
    {
        var bytes = new byte[4096];
        int count = await _socket.ReceiveAsync(bytes, token);
        return Encoding.UTF8.GetString(bytes, 0, count).Split('\n');
    });

    /// <summary>Takes whatever comes from now on. On Linux ten unread messages make the next sender wait, by default.</summary>
    internal async Task IgnoreTheRest()
    {
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                await _socket.ReceiveAsync(bytes);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }
}
