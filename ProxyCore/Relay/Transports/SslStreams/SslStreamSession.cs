using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>An SslStream that knows the policy for its peer, and why it has refused it. Belongs to the loop's thread.</summary>
internal sealed class SslStreamSession(RecordStream wire, PeerPolicy policy) : SslStream(wire, leaveInnerStreamOpen: true)
{
    /// <summary>Why the peer's certificate, or that there is none, was refused; null when it was not.</summary>
    internal string? Refusal { get; private set; }

    /// <summary>The callback of all contexts; SslStream is the sender.</summary>
    internal static bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var session = (SslStreamSession)sender;
        bool isAccepted = session.Policy.Accepts(certificate, chain, errors, out string? cause);
        session.Refusal = cause;
        return isAccepted;
    }

    internal PeerPolicy Policy => policy;
}
