using System.Net.Sockets;
using ProxyCore.Relay;

namespace ProxyCore.Connections.Opening;

/// <summary>What an attempt to receive <see cref="EarlyBytes"/> came to.</summary>
internal enum EarlyResult : byte
{
    /// <summary>There are more bytes than before.</summary>
    Received,

    /// <summary>Nothing has come since; more may.</summary>
    WouldBlock,

    /// <summary>The client has finished sending.</summary>
    Ended,

    /// <summary>The client has reset the connection, or can't be reached any more.</summary>
    Failed,

    /// <summary>All clients that wait at the endpoint together hold as much as they may.</summary>
    OutOfMemory,
}

/// <summary>
/// What the steps of one opening have read from the client, in one block of the loop's pool. What no step consumes is sent
/// to the upstream, ahead of all that follows.
/// </summary>
/// <param name="client">The client's socket.</param>
/// <param name="pool">The pool of the loop.</param>
/// <param name="budget">What all clients may hold that wait at the same endpoint.</param>
/// <remarks>Belongs to the loop's thread.</remarks>
internal sealed class EarlyBytes(Socket client, PendingPool pool, PendingBudget budget)
{
    private PendingBytes? _block;

    /// <summary>The bytes that no step has consumed. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> Unread => _block is null ? default : _block.Span;

    internal int Count => _block?.Count ?? 0;

    /// <summary>Receives what has come, so that there are <paramref name="limit"/> bytes at most.</summary>
    internal EarlyResult Receive(int limit)
    {
        if (!TryMakeRoom(limit))
        {
            return EarlyResult.OutOfMemory;
        }

        Span<byte> room = _block!.Room;
        TransferResult result = SocketTransfer.Receive(client, room[..Math.Min(room.Length, limit - Count)], out int count);
        _block.Append(count);
        if (Count == 0)
        {
            // A client that sends nothing holds nothing.
            Release();
        }

        return result switch
        {
            TransferResult.Success when count > 0 => EarlyResult.Received,
            TransferResult.Success => EarlyResult.Ended,
            TransferResult.WouldBlock or TransferResult.TryAgain => EarlyResult.WouldBlock,
            _ => EarlyResult.Failed,
        };
    }

    /// <summary>A step has consumed the first <paramref name="count"/> bytes.</summary>
    internal void Consume(int count)
    {
        _block!.Advance(count);
        if (Count == 0)
        {
            Release();
        }
    }

    /// <summary>Puts bytes of the proxy ahead of all others; <paramref name="size"/> is their number at most.</summary>
    /// <returns>How many there are.</returns>
    internal int Prepend<T>(int size, in T content, PrefaceWriter<T> write)
    {
        PendingBytes block = Rent(size + Count);
        int own = write(block.Room, in content);
        block.Append(own);
        if (_block is not null)
        {
            Unread.CopyTo(block.Room);
            block.Append(Count);
            Release();
        }

        _block = block;
        return own;
    }

    /// <summary>Gives the block away to the pipe that sends it; null when nothing is left.</summary>
    internal PendingBytes? Take()
    {
        PendingBytes? block = _block;
        _block = null;
        if (block is not null)
        {
            budget.Add(-block.Capacity);
        }

        return block;
    }

    /// <summary>Returns the block to the pool.</summary>
    internal void Release()
    {
        if (Take() is { } block)
        {
            pool.Return(block);
        }
    }

    private bool TryMakeRoom(int limit)
    {
        if (_block is { Room.Length: > 0 })
        {
            return true;
        }

        int size = Math.Min(limit, Math.Max(PendingPool.SmallestBlock, 2 * Count));
        if (budget.Used + size > budget.Limit)
        {
            return false;
        }

        PendingBytes block = Rent(size);
        if (_block is not null)
        {
            Unread.CopyTo(block.Room);
            block.Append(Count);
            Release();
        }

        _block = block;
        return true;
    }

    private PendingBytes Rent(int size)
    {
        PendingBytes block = pool.Rent(size);
        budget.Add(block.Capacity);
        return block;
    }
}

/// <summary>Writes <paramref name="content"/> to <paramref name="room"/>; returns the number of bytes.</summary>
internal delegate int PrefaceWriter<T>(Span<byte> room, in T content);
