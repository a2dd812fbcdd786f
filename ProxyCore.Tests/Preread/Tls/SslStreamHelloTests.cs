using System.Net.Security;
using System.Security.Authentication;
using ProxyCore.Preread.Tls;
using ProxyCore.Tests.Harness;
using static ProxyCore.Tests.Preread.Tls.HelloBytes;

namespace ProxyCore.Tests.Preread.Tls;

/// <summary>The ClientHellos of a client that others have written.</summary>
internal sealed class SslStreamHelloTests
{
    private static readonly SslApplicationProtocol[] _web = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    [TestCase(SslProtocols.None)]
    [NotUnderWine(NotUnderWineAttribute.NoSchannel)]
    public async Task The_hello_of_SslStream_has_its_name_and_protocols(SslProtocols versions)
    {
        byte[] hello = await MakeAsync("A.Example.TEST.", versions, _web);
        Assert.That(
            Answer.To(hello), Is.EqualTo(new Answer(ClientHelloStatus.Complete, Name: "a.example.test", FirstAlpn: "h2")));
        for (int size = 1; size <= 50; size++)
        {
            Assert.That(Answer.To(Records(MessageOf(hello), size)), Is.EqualTo(Answer.To(hello)), $"records of {size}");
        }

        Assert.That(Answer.ByteByByte(hello), Is.EqualTo(Answer.To(hello)));
    }

    [TestCase("")]
    [TestCase("192.0.2.1")]
    public async Task The_hello_of_SslStream_without_a_name_has_none(string host) =>
        Assert.That(Answer.To(await MakeAsync(host, SslProtocols.None, [])), Is.EqualTo(new Answer(ClientHelloStatus.Complete)));

    /// <summary>What the client sends before the server, here a stream that has ended, answers.</summary>
    private static async Task<byte[]> MakeAsync(string host, SslProtocols versions, SslApplicationProtocol[] protocols)
    {
        using var wire = new WriteOnlyPeer();
        await using var client = new SslStream(wire);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = versions,
            ApplicationProtocols = [.. protocols],
        };
        Assert.That(() => client.AuthenticateAsClientAsync(options), Throws.InstanceOf<IOException>());
        return wire.Sent;
    }

    /// <summary>A peer that takes what is sent, and has ended its own direction.</summary>
    private sealed class WriteOnlyPeer : MemoryStream
    {
        private byte[]? _first;

        internal byte[] Sent => _first ?? [];

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(0);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _first ??= buffer.ToArray();
            return default;
        }
    }
}
