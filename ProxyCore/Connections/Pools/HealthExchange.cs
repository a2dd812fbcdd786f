using System.Net.Sockets;
using ProxyCore.Diagnostics;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Connections.Pools;

/// <summary>The part of a health check after the connect: sends, and compares the answer. Belongs to the loop's thread.</summary>
internal sealed class HealthExchange : Watched
{
    // Enough for a banner or the head of an answer. An upstream that sends more without the expected bytes has failed.
    private const int MostBytes = 4096;

    // What a message shows of an answer.
    private const int MostShown = 64;

    private readonly SelectLoop _loop;
    private readonly TlsTransport? _tls;
    private readonly End _end;
    private readonly ReadOnlyMemory<byte> _send;
    private readonly ReadOnlyMemory<byte> _expected;
    private readonly Action<CheckResult> _finished;
    private readonly byte[] _received = new byte[MostBytes];
    private int _receivedBytes;
    private int _sentBytes;

    /// <param name="loop">The loop.</param>
    /// <param name="owner">Ends when something throws.</param>
    /// <param name="socket">A connected socket.</param>
    /// <param name="tls">TLS on it; null without.</param>
    /// <param name="send">What to send; may be empty.</param>
    /// <param name="expected">What must come; empty when it is enough to send.</param>
    /// <param name="finished">Called with the result.</param>
    internal HealthExchange(
        SelectLoop loop,
        ILoopMember owner,
        Socket socket,
        TlsTransport? tls,
        ReadOnlyMemory<byte> send,
        ReadOnlyMemory<byte> expected,
        Action<CheckResult> finished)
        : base(socket, owner)
    {
        _loop = loop;
        _tls = tls;
        _end = new End(socket, tls);
        _send = send;
        _expected = expected;
        _finished = finished;
    }

    /// <summary>What of the exchange is missing when its time is over; null when it has not come to the answer.</summary>
    internal string? Missing => HasSent && _expected.Length > 0 ? $"{Show(_expected.Span)} was expected, and {Received} came" : null;

    private string Received => _receivedBytes == 0 ? "nothing" : Show(_received.AsSpan(0, _receivedBytes));

    private bool HasSent => _sentBytes == _send.Length;

    /// <summary>Begins. The result may come before this returns.</summary>
    internal void Begin()
    {
        _loop.Attach(this, Interest.None);
        Proceed();
    }

    /// <summary>Closes the socket with a reset, so that the rest of an answer is discarded. Does nothing the second time.</summary>
    internal void Cut()
    {
        if (IsAttached)
        {
            Detach();
            Socket.Close(0);
        }
    }

    internal override void OnReady(Interest ready) => Proceed();

    private void Proceed()
    {
        // A failure shows in the call that follows.
        _tls?.Flush();
        CheckResult? result = HasSent ? null : Send();
        result ??= HasSent ? Receive() : null;
        if (result is { } finished)
        {
            _finished(finished);
            return;
        }

        Interest wanted = HasSent ? Interest.Read : Interest.Write;
        _loop.SetInterest(this, _tls?.InterestFor(wanted) ?? wanted);
    }

    private CheckResult? Send()
    {
        TransferResult result = _end.Send(_send.Span[_sentBytes..], out int count);
        _sentBytes += count;
        return FailureOf(result);
    }

    private CheckResult? Receive()
    {
        if (_expected.Length == 0)
        {
            Close();
            return CheckResult.Success;
        }

        TransferResult result = TransferResult.Success;
        while (result == TransferResult.Success)
        {
            result = _end.Receive(_received.AsSpan(_receivedBytes), out int count);
            _receivedBytes += count;
            if (_received.AsSpan(0, _receivedBytes).IndexOf(_expected.Span) >= 0)
            {
                return CheckResult.Success;
            }

            if (result == TransferResult.Success && (count == 0 || _receivedBytes == MostBytes))
            {
                return CheckResult.Failure($"the answer is not the expected one: {Missing}");
            }
        }

        return FailureOf(result);
    }

    /// <summary>Bytes of the network for a message: nothing a terminal obeys, not endless.</summary>
    private static string Show(ReadOnlySpan<byte> bytes) =>
        $"'{Printable.Escape(bytes[..Math.Min(bytes.Length, MostShown)])}{(bytes.Length > MostShown ? "…" : "")}'";

    private static CheckResult? FailureOf(TransferResult result) => result switch
    {
        TransferResult.Success or TransferResult.WouldBlock or TransferResult.TryAgain => null,
        TransferResult.Reset => CheckResult.Failure("connection reset"),
        _ => CheckResult.Failure("connection lost"),
    };

    // With a FIN: a reset may arrive before the upstream reads what was sent. Postfix 3.7 then finds no peer address for a
    // LOCAL header, and its process dies; after a few such checks it serves nobody for a while.
    private void Close()
    {
        _tls?.EndSending();
        Detach();
        Socket.Dispose();
    }

    private void Detach()
    {
        _loop.Detach(this);
        _tls?.Release();
    }
}
