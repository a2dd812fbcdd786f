using System.Net.Sockets;
using ProxyCore.Loop;
using ProxyCore.Relay;
using ProxyCore.Relay.Transports;

namespace ProxyCore.Tests.Tls.Proxying;

/// <summary>A handshake that is what a test says it is, without any cryptography. Nothing is relayed.</summary>
internal sealed class ScriptedTransport(Socket socket, Func<HandshakeStatus> handshake) : TlsTransport(socket)
{
    internal override bool IsTruncated => false;

    internal override bool HoldsBytes => false;

    internal override string FailureCause => throw new NotSupportedException();

    internal override HandshakeStatus Handshake() => handshake();

    internal override Interest InterestFor(Interest wanted) => wanted;

    internal override TlsInfo Describe() => new() { Version = "TLSv1.3", Cipher = "TLS_AES_128_GCM_SHA256" };

    internal override TransferResult Receive(Span<byte> buffer, out int count) => throw new NotSupportedException();

    internal override TransferResult Send(ReadOnlySpan<byte> bytes, out int count) => throw new NotSupportedException();

    internal override TransferResult Flush() => throw new NotSupportedException();

    internal override TransferResult EndSending() => throw new NotSupportedException();

    internal override void Release()
    {
    }
}
