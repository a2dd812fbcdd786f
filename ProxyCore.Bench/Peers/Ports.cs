using System.Net;
using System.Net.Sockets;

namespace ProxyCore.Bench.Peers;

/// <summary>Ports of the loopback.</summary>
internal static class Ports
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <summary>A port that nobody listens on.</summary>
    internal static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until <paramref name="process"/> accepts on <paramref name="port"/>.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or takes too long.</exception>
    internal static async Task Answers(int port, ChildProcess process)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!process.HasEnded && !patience.IsCancellationRequested)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(_pause);
            }
        }

        throw new InvalidOperationException($"it does not listen: {process.Said}");
    }
}
