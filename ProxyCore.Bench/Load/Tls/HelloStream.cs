using System.Net.Sockets;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>A connection's bytes; remembers what the server's hello says. SslStream tells neither the group nor whether it resumed.</summary>
internal sealed class HelloStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const int MostBytes = 1024;

    private byte[] _start = [];

    /// <summary>What the server's hello says; null until it has come.</summary>
    internal ServerHello? Hello { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (Hello is null && count > 0)
        {
            Look(buffer.Span[..count]);
        }

        return count;
    }

    private void Look(ReadOnlySpan<byte> received)
    {
        _start = [.. _start, .. received[..Math.Min(received.Length, MostBytes)]];
        Hello = ServerHello.Read(_start);
        if (Hello is not null)
        {
            _start = [];
        }
        else if (_start.Length >= MostBytes)
        {
            throw new InvalidDataException("the server's hello is too long");
        }
    }
}
