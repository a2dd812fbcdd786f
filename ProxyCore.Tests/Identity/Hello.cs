using System.Net.Security;

namespace ProxyCore.Tests.Identity;

/// <summary>TLS hellos as .NET's client sends them.</summary>
internal static class Hello
{
    /// <summary>The first flight of a client.</summary>
    internal static byte[] Of(string? name, params string[] alpn)
    {
        var wire = new Recorder();
        using var client = new SslStream(wire);
        var options = new SslClientAuthenticationOptions { TargetHost = name ?? "" };
        if (alpn.Length > 0)
        {
            options.ApplicationProtocols = [.. alpn.Select(static one => new SslApplicationProtocol(one))];
        }

        Assert.That(() => client.AuthenticateAsClient(options), Throws.InstanceOf<IOException>());
        return wire.Written.ToArray();
    }

    /// <summary>The same bytes of the handshake in records of <paramref name="size"/> bytes.</summary>
    internal static byte[] InRecordsOf(int size, byte[] hello)
    {
        const int Prefix = 5;
        IEnumerable<byte[]> fragments = hello[Prefix..].Chunk(size);
        return [.. fragments.SelectMany(one => (byte[])[hello[0], hello[1], hello[2], (byte)(one.Length >> 8), (byte)one.Length, .. one])];
    }

    /// <summary>A wire that keeps what is written, and ends where an answer would begin.</summary>
    private sealed class Recorder : Stream
    {
        internal MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
