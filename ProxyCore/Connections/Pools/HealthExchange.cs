using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Pools;

/// <summary>The part of a health check after the connect: sends, and compares the answer. Belongs to the loop's thread.</summary>
internal sealed class HealthExchange : Watched
{
    // Enough for a banner or the head of an answer. An upstream that sends more without the expected bytes has failed.
    private const int MostBytes = 4096;

    private readonly SelectLoop _loop;
    private readonly HealthCheckSettings _settings;
    private readonly Action<CheckResult> _finished;
    private readonly byte[] _received = new byte[MostBytes];
    private int _receivedBytes;
    private int _sentBytes;

    internal HealthExchange(
        SelectLoop loop, ILoopMember owner, Socket socket, HealthCheckSettings settings, Action<CheckResult> finished)
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

    /// <summary>Closes the socket with a reset, so that the rest of an answer is discarded. Does nothing the second time.</summary>
    internal void Cut()
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
            _finished(CheckResult.Of(error, Socket.AddressFamily));
        }
        else if (_sentBytes == _settings.Send.Length && _settings.Expect.Length == 0)
        {
            _finished(CheckResult.Success);
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
            _finished(CheckResult.Success);
        }
        else if (error != SocketError.Success)
        {
            _finished(CheckResult.Of(error, Socket.AddressFamily));
        }
        else if (count == 0 || _receivedBytes == MostBytes)
        {
            _finished(CheckResult.Failure("the answer is not the expected one"));
        }
    }
}
