using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Pools;

/// <summary>The talk of one health check: what is sent, and the answer to it. Belongs to the loop's thread.</summary>
internal sealed class HealthExchange : Watched
{
    // Enough for a banner or the head of an answer; whoever talks longer without saying it does not say it.
    private const int MostBytes = 4096;

    private readonly SelectLoop _loop;
    private readonly HealthCheckSettings _settings;
    private readonly Action<string?> _finished;
    private readonly byte[] _received = new byte[MostBytes];
    private int _receivedBytes;
    private int _sentBytes;

    internal HealthExchange(
        SelectLoop loop, ILoopMember owner, Socket socket, HealthCheckSettings settings, Action<string?> finished)
        : base(socket, owner)
    {
        _loop = loop;
        _settings = settings;
        _finished = finished;
    }

    internal void Begin()
    {
        Socket.Blocking = false;
        _loop.Attach(this, _settings.Send.Length > 0 ? Interest.Write : Interest.Read);
    }

    /// <summary>Ends it, with a reset: nothing that may still come is wanted. Does nothing when it has ended.</summary>
    internal void Close()
    {
        if (IsAttached)
        {
            _loop.Detach(this);
            Socket.Close(0);
        }
    }

    internal override void OnReady(Interest ready)
    {
        if (ready == Interest.Write)
        {
            Send();
        }
        else
        {
            Receive();
        }
    }

    private void Send()
    {
        _sentBytes += Socket.Send(_settings.Send.AsSpan(_sentBytes), SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            _finished(ConnectionErrors.Describe(error));
        }
        else if (_sentBytes == _settings.Send.Length && _settings.Expect.Length == 0)
        {
            _finished(null);
        }
        else if (_sentBytes == _settings.Send.Length)
        {
            _loop.SetInterest(this, Interest.Read);
        }
    }

    private void Receive()
    {
        int count = Socket.Receive(_received.AsSpan(_receivedBytes), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        _receivedBytes += count;
        if (_received.AsSpan(0, _receivedBytes).IndexOf(_settings.Expect) >= 0)
        {
            _finished(null);
        }
        else if (error != SocketError.Success)
        {
            _finished(ConnectionErrors.Describe(error));
        }
        else if (count == 0 || _receivedBytes == MostBytes)
        {
            _finished("the answer is not the expected one");
        }
    }
}
