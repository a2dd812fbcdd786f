using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CustomBalancing;

/// <summary>An upstream that tells everybody its name, and keeps them connected.</summary>
internal sealed class NamedUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _clients = [];

    internal NamedUpstream(string name)
    {
        _listener.Start();
        _ = Serve(Encoding.UTF8.GetBytes(name + "\n"));
    }

    internal string Address => _listener.LocalEndpoint.ToString()!;

    public void Dispose()
    {
        _listener.Dispose();
        _clients.ForEach(static client => client.Dispose());
    }

    private async Task Serve(byte[] line)
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                _clients.Add(client);
                await client.SendAsync(line);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }
}
