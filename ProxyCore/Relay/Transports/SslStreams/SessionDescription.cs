using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>What a handshake has come to, in texts that are safe to print.</summary>
internal static class SessionDescription
{
    internal static TlsInfo Of(SslStreamSession session, bool isResumed)
    {
        // Without verification anybody may have written any subject.
        var peer = session.Policy.Verifies ? session.RemoteCertificate as X509Certificate2 : null;
        return new TlsInfo
        {
            Version = session.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2",
            Cipher = session.NegotiatedCipherSuite.ToString(),
            Alpn = session.NegotiatedApplicationProtocol is { Protocol.IsEmpty: false } protocol
                ? Printable(Encoding.ASCII.GetString(protocol.Protocol.Span))
                : null,
            PeerSubject = peer is null ? null : Printable(peer.Subject),
            PeerCommonName = CommonNameOf(peer),
            IsResumed = isResumed,
        };
    }

    /// <summary>The text with a question mark for each character that is not printable ASCII.</summary>
    internal static string Printable(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (int index = 0; index < source.Length; index++)
            {
                target[index] = source[index] is >= ' ' and <= '~' ? source[index] : '?';
            }
        });

    private static string? CommonNameOf(X509Certificate2? certificate)
    {
        string? name = certificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return string.IsNullOrEmpty(name) ? null : Printable(name);
    }
}
