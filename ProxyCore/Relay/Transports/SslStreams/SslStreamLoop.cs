using System.Net.Sockets;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>The buffers of a loop that its SslStreams share. Belongs to the loop's thread.</summary>
internal sealed class SslStreamLoop : TlsLoop
{
    internal SslStreamLoop(RelayBuffers buffers)
    {
        Pool = buffers.Pool;
        PlainMemory = Plain.First(CipherWindow.LargestPlain);
    }

    internal PendingPool Pool { get; }

    internal CipherWindow Window { get; } = new();

    internal OutgoingBytes Outgoing { get; } = new();

    /// <summary>Where plain bytes are read to or written from.</summary>
    internal MovableMemory Plain { get; } = new();

    /// <summary><see cref="Plain"/> for a whole record: reads that wait all wait with this.</summary>
    internal Memory<byte> PlainMemory { get; }

    /// <summary>Room for a record whose bytes do not fit where they are wanted.</summary>
    internal byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(CipherWindow.LargestPlain, pinned: true);

    internal override TlsTransport Accept(TlsContext context, Socket client, PendingBytes? early) =>
        new SslStreamTransport(this, (SslStreamServerContext)context, client, early, alpn: null);

    internal override TlsTransport Connect(TlsContext context, Socket upstream, string? alpn) =>
        new SslStreamTransport(this, (SslStreamClientContext)context, upstream, early: null, alpn);

    public override void Dispose() => ((IDisposable)Plain).Dispose();
}
