using System.Net;
using System.Net.Sockets;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Loop;

/// <summary>Two connected TCP sockets on the loopback: one as the proxy holds it, and its peer.</summary>
internal sealed class SocketPair : IDisposable
{
    internal static readonly TimeSpan Patience = Bound.Wait;

    private SocketPair(Socket near, Socket far)
    {
        Near = near;
        Far = far;
    }

    /// <summary>The proxy's end: non-blocking.</summary>
    internal Socket Near { get; }

    /// <summary>The peer's end: it blocks, for a bounded time.</summary>
    internal Socket Far { get; }

    /// <param name="buffers">The kernel's buffers of both ends in bytes, where small ones fill sooner.</param>
    internal static SocketPair Connect(int? buffers = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (buffers is { } size)
        {
            listener.SendBufferSize = listener.ReceiveBufferSize = size;
            far.SendBufferSize = far.ReceiveBufferSize = size;
        }

        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        far.Connect(listener.LocalEndPoint!);
        Socket near = listener.Accept();
        near.Blocking = false;
        near.NoDelay = far.NoDelay = true;
        far.ReceiveTimeout = far.SendTimeout = (int)Patience.TotalMilliseconds;
        return new SocketPair(near, far);
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}
