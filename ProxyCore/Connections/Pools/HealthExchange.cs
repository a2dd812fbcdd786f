using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Connections.Pools;

/// <summary>The part of a health check after the connect: sends, and compares the answer. Belongs to the loop's thread.</summary>
internal sealed class HealthExchange : Watched
{
    // Enough for a banner or the head of an answer. An upstream that sends more without the expected bytes has failed.
    private const int MostBytes = 4096;

    private readonly SelectLoop _loop;
    private readonly ReadOnlyMemory<byte> _send;
    private readonly ReadOnlyMemory<byte> _expected;
    private readonly Action<CheckResult> _finished;
    private readonly byte[] _received = new byte[MostBytes];
    private int _receivedBytes;
    private int _sentBytes;

    /// <param name="loop">The loop.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="socket">A connected socket.</param>
    /// <param name="send">What to send; may be empty.</param>
    /// <param name="expected">What must come; empty when it is enough to send.</param>
    /// <param name="finished">Called with the result.</param>
    internal HealthExchange(
        SelectLoop loop,
        ILoopMember owner,
        Socket socket,
        ReadOnlyMemory<byte> send,
        ReadOnlyMemory<byte> expected,
        Action<CheckResult> finished)
        : base(socket, owner)
    {
        _loop = loop;
        _send = send;
        _expected = expected;
        _finished = finished;
    }

    internal void Begin()
    {
        Socket.Blocking = false;
        _loop.Attach(this, _send.Length > 0 ? Interest.Write : Interest.Read);
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
        _sentBytes += Socket.Send(_send.Span[_sentBytes..], SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
        {
            _finished(CheckResult.Of(error, Socket.AddressFamily));
        }
        else if (_sentBytes == _send.Length && _expected.Length == 0)
        {
            Close();
            _finished(CheckResult.Success);
        }
        else if (_sentBytes == _send.Length)
        {
            _loop.SetInterest(this, Interest.Read);
        }
    }

    // With a FIN: a reset may arrive before the upstream reads what was sent. Postfix 3.7 then finds no peer address for a
    // LOCAL header, and its process dies; after a few such checks it serves nobody for a while.
    private void Close()
    {
        _loop.Detach(this);
        Socket.Dispose();
    }

    private void Receive()
    {
        int count = Socket.Receive(_received.AsSpan(_receivedBytes), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }

        _receivedBytes += count;
        if (_received.AsSpan(0, _receivedBytes).IndexOf(_expected.Span) >= 0)
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
