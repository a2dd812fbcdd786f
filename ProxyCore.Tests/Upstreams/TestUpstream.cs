using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Upstreams;

/// <summary>A server on loopback whose side of each connection the test plays itself.</summary>
internal class TestUpstream : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Channel<Peer> _accepted = Channel.CreateUnbounded<Peer>();
    private readonly List<Task> _serving = [];
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    internal TestUpstream()
        : this(new IPEndPoint(IPAddress.Loopback, 0))
    {
    }

    internal TestUpstream(EndPoint endpoint)
    {
        ProtocolType protocol = endpoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
        _listener = new Socket(endpoint.AddressFamily, SocketType.Stream, protocol);
        _listener.Bind(endpoint);
        _listener.Listen(1024);
        Endpoint = _listener.LocalEndPoint!;
        _accepting = AcceptAll();
    }

    internal EndPoint Endpoint { get; }

    /// <summary>How many connections have reached it.</summary>
    internal int Accepted
    {
        get
        {
            lock (_serving)
            {
                return _serving.Count;
            }
        }
    }

    /// <summary>The next connection that reached this upstream.</summary>
    internal Task<Peer> Accept() => Bound.Within("a connection at the upstream", _accepted.Reader.ReadAsync);

    /// <summary>Waits until every connection has been served and closed.</summary>
    internal async Task HasNoConnections()
    {
        Task[] serving;
        lock (_serving)
        {
            serving = [.. _serving];
        }

        await Bound.Within("the upstream to be done", Task.WhenAll(serving));
    }

    /// <summary>What to do with a connection, which is closed afterwards; the default leaves it to the test.</summary>
    protected virtual Task Serve(Peer peer)
    {
        _accepted.Writer.TryWrite(peer);
        return _disposed.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _disposed.SetResult();
        GC.SuppressFinalize(this);
    }

    private async Task AcceptAll()
    {
        while (true)
        {
            try
            {
                var peer = new Peer(await _listener.AcceptAsync());
                lock (_serving)
                {
                    _serving.Add(ServeUntilGone(peer));
                }
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeUntilGone(Peer peer)
    {
        try
        {
            await Serve(peer);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or TimeoutException)
        {
            // The other side ended the connection, as many tests have it do.
        }
        finally
        {
            peer.Dispose();
        }
    }
}
