using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using ProxyCore.Loop;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>A connection's TLS by SslStream, driven by the readiness of its socket. Belongs to the loop's thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Release frees what it has.")]
internal sealed partial class SslStreamTransport : TlsTransport
{
    /// <summary>
    /// How many plain bytes are encrypted before they are sent: what the socket does not take of them is kept, in a block of
    /// 64 KB with what TLS adds to four records.
    /// </summary>
    private const int MostEncrypted = (64 * 1024) - 1024;

    private readonly SslStreamLoop _loop;
    private readonly SslStreamContext _context;
    private readonly RecordStream _wire;
    private readonly SslStreamSession _session;
    private readonly string? _alpn;

    private PendingBytes? _unsent;
    private bool _endIsMade;
    private TransferResult _sendFailure;

    internal SslStreamTransport(SslStreamLoop loop, SslStreamContext context, Socket socket, PendingBytes? early, string? alpn)
        : base(socket)
    {
        context.Enter();
        _loop = loop;
        _context = context;
        _kept = early;
        _alpn = alpn;
        _wire = new RecordStream(loop.Outgoing) { IsServer = context is SslStreamServerContext };
        _session = new SslStreamSession(_wire, context.Policy);
    }

    internal override TransferResult Send(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        TransferResult result = Flush();
        while (result == TransferResult.Success && count < bytes.Length)
        {
            ReadOnlySpan<byte> part = bytes.Slice(count, Math.Min(bytes.Length - count, MostEncrypted));
            if (!TryEncrypt(part))
            {
                result = _sendFailure = TransferResult.Reset;
                break;
            }

            count += part.Length;
            result = SendMade();
        }

        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            count = 0;
        }

        // What the socket has left is kept, and was taken.
        return count > 0 ? TransferResult.Success : result;
    }

    internal override TransferResult Flush()
    {
        if (_failure != TransferResult.Success)
        {
            return _failure;
        }

        return _sendFailure != TransferResult.Success ? _sendFailure : SendMade();
    }

    internal override TransferResult EndSending()
    {
        TransferResult result = Flush();
        if (result != TransferResult.Success || _endIsMade)
        {
            return result;
        }

        // SslStream makes one close_notify, and throws when it is asked again.
        _endIsMade = true;
        return TryMakeEnd() ? SendMade() : _sendFailure = TransferResult.Reset;
    }

    internal override Interest InterestFor(Interest wanted) => _unsent is null ? wanted : wanted | Interest.Write;

    internal override void Release()
    {
        Return(ref _kept);
        Return(ref _rest);
        Return(ref _unsent);
        if (_isReading)
        {
            // A read that never ends would keep SslStream's finalizer waiting for it.
            _isReading = false;
            _wire.End();
        }

        _session.Dispose();
        _context.Leave();
    }

    /// <summary>Sends what SslStream has made in this call, behind what is unsent.</summary>
    private TransferResult SendMade()
    {
        TransferResult result = _loop.Outgoing.Send(Socket, ref _unsent, _loop.Pool);
        if (result is TransferResult.Reset or TransferResult.Lost)
        {
            _sendFailure = result;
        }

        return result;
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "It is complete when it returns: the stream beneath takes all.")]
    private unsafe bool TryEncrypt(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* address = bytes)
        {
            _loop.Plain.PointTo(address, bytes.Length);
            try
            {
                _session.WriteAsync(_loop.Plain.First(bytes.Length)).GetAwaiter().GetResult();
                return true;
            }
            catch (Exception exception) when (HandshakeFailure.IsOfTls(exception))
            {
                return false;
            }
            finally
            {
                _loop.Plain.Clear();
            }
        }
    }

    private bool TryMakeEnd()
    {
        try
        {
            _session.ShutdownAsync().GetAwaiter().GetResult();
            return true;
        }
        catch (Exception exception) when (HandshakeFailure.IsOfTls(exception))
        {
            return false;
        }
    }

    private void Return(ref PendingBytes? block)
    {
        if (block is not null)
        {
            _loop.Pool.Return(block);
            block = null;
        }
    }
}
