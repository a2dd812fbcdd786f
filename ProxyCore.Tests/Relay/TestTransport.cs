using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;

namespace ProxyCore.Tests.Relay;

/// <summary>
/// A transport that inverts each byte and ends its stream with a mark ahead of the FIN. It takes all from the socket that
/// there is, and gives out only so much at a time.
/// </summary>
internal sealed class TestTransport(Socket socket, int mostAtATime = int.MaxValue) : Transport(socket)
{
    internal const byte EndMark = 0xEE;

    private readonly Queue<byte> _received = new();
    private bool _isMarkSent;

    /// <summary>What the next call is to come to, instead of asking the socket; null asks it.</summary>
    internal TransferResult? NextReceive { get; set; }

    internal TransferResult? NextSend { get; set; }

    internal TransferResult? NextEnd { get; set; }

    internal TransferResult NextFlush { get; set; }

    /// <summary>What is watched for beside, or instead of, what the relay wants.</summary>
    internal Func<Interest, Interest> Needs { get; set; } = static wanted => wanted;

    internal int Flushes { get; private set; }

    internal bool IsReleased { get; private set; }

    internal override bool HoldsBytes => _received.Count > 0;

    internal override TransferResult Receive(Span<byte> buffer, out int count)
    {
        count = 0;
        if (NextReceive is { } result)
        {
            NextReceive = null;
            return result;
        }

        if (!HoldsBytes)
        {
            Span<byte> bytes = new byte[4096];
            result = SocketTransfer.Receive(Socket, bytes, out int got);
            if (result != TransferResult.Success || got == 0)
            {
                return result;
            }

            foreach (byte one in bytes[..got])
            {
                _received.Enqueue(Invert(one));
            }
        }

        while (count < Math.Min(buffer.Length, mostAtATime) && _received.TryDequeue(out byte one))
        {
            buffer[count++] = one;
        }

        return TransferResult.Success;
    }

    internal override TransferResult Send(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (NextSend is { } result)
        {
            NextSend = null;
            return result;
        }

        return SocketTransfer.Send(Socket, Array.ConvertAll(bytes.ToArray(), Invert), out count);
    }

    internal override TransferResult Flush()
    {
        Flushes++;
        return NextFlush;
    }

    internal override TransferResult EndSending()
    {
        if (NextEnd is { } result)
        {
            NextEnd = null;
            return result;
        }

        if (_isMarkSent)
        {
            return TransferResult.Success;
        }

        _isMarkSent = true;
        return SocketTransfer.Send(Socket, [EndMark], out _);
    }

    internal override Interest InterestFor(Interest wanted) => Needs(wanted);

    internal override void Release() => IsReleased = true;

    internal static byte Invert(byte one) => (byte)~one;
}
