using System.Net.Sockets;

namespace ProxyCore.Relay;

/// <summary>How much one direction reads at a time: it follows what its sink takes.</summary>
/// <remarks>
/// A large read saves system calls and wake-ups, but what the sink leaves of it must be copied and kept. So it doubles
/// while all of a full read is taken, and falls to what was taken when something is left.
/// </remarks>
internal struct ReadSize
{
    private const int First = 64 * 1024;
    private const int Smallest = 16 * 1024;

    private int _size;

    internal ReadSize(RelayBuffers buffers) => _size = Math.Min(First, buffers.MostPending);

    /// <summary>How many bytes to read for <paramref name="sink"/> now.</summary>
    internal readonly int Next(Socket sink, RelayBuffers buffers)
    {
        int mostPending = buffers.MostPending;
        if (_size <= mostPending)
        {
            return _size;
        }

        // More than may be left over is read only where the kernel says that it has room for the rest. Its room is
        // counted with its own overhead, a few percent of large packets.
        int room = SendQueue.Room(sink);
        return Math.Min(_size, mostPending + room - (room / 8));
    }

    /// <summary>Learns from a read of <paramref name="asked"/> bytes that brought <paramref name="read"/>, of which <paramref name="sent"/> were taken.</summary>
    internal void Learn(int asked, int read, int sent, RelayBuffers buffers)
    {
        if (sent < read)
        {
            _size = Math.Max(sent, Math.Min(Smallest, buffers.MostPending));
        }
        else if (read == asked)
        {
            _size = Math.Min(Math.Max(_size, asked * 2), buffers.Read.Length);
        }
    }
}
