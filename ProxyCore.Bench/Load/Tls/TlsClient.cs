using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>Opens TLS connections to one endpoint.</summary>
/// <remarks>
/// The version, the cipher suite and the group are limited by OpenSSL's configuration, which the owner of this process
/// writes: with a CipherSuitesPolicy SslStream resumes no session. It keeps one session for each server name, and of two
/// connections that open at once with the same name one may have a full handshake: so each client that resumes has a name
/// of its own. Certificates are not verified.
/// </remarks>
internal sealed class TlsClient
{
    /// <summary>The name in the certificates.</summary>
    internal const string Name = "bench.example";

    private readonly IPEndPoint _target;
    private readonly TlsAgreement _agreement;
    private readonly SslClientAuthenticationOptions _options;
    private bool _canResume;

    [SuppressMessage("Security", "CA5359", Justification = "It measures a proxy that it has started itself, on loopback, with a certificate made for that.")]
    private TlsClient(IPEndPoint target, TlsAgreement agreement, string name, bool resumes)
    {
        _target = target;
        _agreement = agreement;
        _options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            AllowTlsResume = resumes,
            RemoteCertificateValidationCallback = static (_, _, _, _) => true,
            // The chain is built before the callback is asked: without the system's certificates that takes less time.
            CertificateChainPolicy = new X509ChainPolicy
            {
                RevocationMode = X509RevocationMode.NoCheck,
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                DisableCertificateDownloads = true,
            },
        };
    }

    /// <summary>A client whose handshakes are all full ones. Several of its connections may be opened at once.</summary>
    internal static TlsClient Full(IPEndPoint target, TlsAgreement agreement) => new(target, agreement, Name, resumes: false);

    /// <summary>A client whose handshakes resume a session, but for the first. One of its connections may be open at a time.</summary>
    internal static TlsClient Resuming(IPEndPoint target, TlsAgreement agreement, int number) =>
        new(target, agreement, $"client-{number}.{Name}", resumes: true);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="InvalidOperationException">The handshake failed, or was not of the kind that is measured.</exception>
    internal async Task<SslStream> OpenAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        HelloStream? bytes = null;
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(_target).ConfigureAwait(false);
            bytes = new HelloStream(socket);
            stream = new SslStream(bytes);
            await stream.AuthenticateAsClientAsync(_options).ConfigureAwait(false);
            Check(bytes.Hello ?? throw new InvalidOperationException("a handshake had no server's hello"));
            return stream;
        }
        catch
        {
            stream?.Dispose();
            bytes?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection for one request, from whose answer the others are known.</summary>
    internal async Task<Exchange> LearnAsync(byte[][] requests)
    {
        await using SslStream stream = await OpenAsync().ConfigureAwait(false);
        return Exchange.Learn(stream, requests);
    }

    private void Check(ServerHello hello)
    {
        _agreement.Check(hello);
        if (hello.IsResumed != _canResume)
        {
            throw new InvalidOperationException(hello.IsResumed ? "a connection resumed a session" : "a connection resumed no session");
        }

        _canResume = _options.AllowTlsResume;
    }
}
