using System.Net.Sockets;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>
/// Where SslStream puts the ciphertext that a call makes, so that one system call sends it. One for all connections of a
/// loop, and empty between calls. Belongs to the loop's thread.
/// </summary>
internal sealed class OutgoingBytes
{
    private const int InitialSize = 80 * 1024;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(InitialSize, pinned: true);
    private int _count;

    /// <summary>What is here.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _count);

    /// <summary>Adds ciphertext behind what is here.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length - _count)
        {
            // The flight of a handshake with long chains or many names of CAs.
            byte[] larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _count + bytes.Length), pinned: true);
            _bytes.AsSpan(0, _count).CopyTo(larger);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count += bytes.Length;
    }

    /// <summary>
    /// Sends what <paramref name="unsent"/> has, then what is here; what the socket does not take is left in
    /// <paramref name="unsent"/>.
    /// </summary>
    /// <returns><see cref="TransferResult.Success"/> when all is sent.</returns>
    internal TransferResult Send(Socket socket, ref PendingBytes? unsent, PendingPool pool)
    {
        TransferResult result = SendUnsent(socket, ref unsent, pool);
        int sent = 0;
        while (result == TransferResult.Success && sent < _count)
        {
            result = SocketTransfer.Send(socket, _bytes.AsSpan(sent, _count - sent), out int count);
            sent += count;
        }

        if (result is TransferResult.WouldBlock or TransferResult.TryAgain && sent < _count)
        {
            Keep(_bytes.AsSpan(sent, _count - sent), ref unsent, pool);
        }

        _count = 0;
        return result;
    }

    private static TransferResult SendUnsent(Socket socket, ref PendingBytes? unsent, PendingPool pool)
    {
        while (unsent is { } pending)
        {
            TransferResult result = SocketTransfer.Send(socket, pending.Span, out int count);
            if (result != TransferResult.Success)
            {
                return result;
            }

            pending.Advance(count);
            if (pending.Count == 0)
            {
                unsent = null;
                pool.Return(pending);
            }
        }

        return TransferResult.Success;
    }

    private static void Keep(ReadOnlySpan<byte> bytes, ref PendingBytes? unsent, PendingPool pool)
    {
        if (unsent is not { } pending)
        {
            unsent = pool.Keep(bytes);
            return;
        }

        if (bytes.Length > pending.Room.Length)
        {
            PendingBytes larger = pool.Rent(pending.Count + bytes.Length);
            larger.Fill(pending.Span);
            pool.Return(pending);
            unsent = pending = larger;
        }

        bytes.CopyTo(pending.Room);
        pending.Append(bytes.Length);
    }
}
