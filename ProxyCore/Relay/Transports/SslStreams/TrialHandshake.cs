using System.Net.Security;

namespace ProxyCore.Relay.Transports.SslStreams;

/// <summary>Whether SslStream takes a certificate, which else would show at the first connection.</summary>
/// <remarks>
/// Keys that are too short, for example, are refused by OpenSSL's security level, which the system configures: no check here
/// could know it. So a server in memory answers the hello of a client in memory.
/// </remarks>
internal static class TrialHandshake
{
    /// <exception cref="TlsException">It does not.</exception>
    internal static void Run(SslStreamCertificateContext certificate)
    {
        var toServer = new OutgoingBytes();
        var toClient = new OutgoingBytes();
        using var client = new SslStreamSession(new RecordStream(toServer), PeerPolicy.None);
        var wire = new RecordStream(toClient) { IsServer = true };
        using var server = new SslStreamSession(wire, PeerPolicy.None);

        _ = client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = string.Empty });
        Task answer = server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            AllowTlsResume = false,
        });
        using (new InlineScope())
        {
            wire.Give(toServer.Bytes);
        }

        // Without a fault it waits for the client's answer, and is disposed of.
        if (answer.Exception?.InnerException is { } exception)
        {
            throw new TlsException(
                HandshakeFailure.IsKeyTooSmall(exception)
                    ? "the key of the certificate is too small"
                    : $"SslStream does not take the certificate ({HandshakeFailure.Explain(exception, "client")})",
                exception);
        }
    }
}
