using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxyCore.Diagnostics;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>What a handshake has come to, in texts that are safe to print.</summary>
internal static class SessionDescription
{
    internal static TlsInfo Of(SslStreamSession session, bool isResumed)
    {
        // Without verification anybody may have written any subject.
        (string? subject, string? commonName) = session.Policy.Verifies && session.RemoteCertificate is X509Certificate2 peer
            ? PeerName.Of(peer)
            : (null, null);
        ReadOnlyMemory<byte> protocol = session.NegotiatedApplicationProtocol.Protocol;
        return new TlsInfo
        {
            Version = session.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
            Cipher = session.NegotiatedCipherSuite.ToString(),
            Alpn = protocol.IsEmpty ? null : Printable.Escape(protocol.Span),
            PeerSubject = subject,
            PeerCommonName = commonName,
            IsResumed = isResumed,
        };
    }
}
