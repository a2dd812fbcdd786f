using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ProxyCore.Bench.Load.Tls;

/// <summary>Opens TLS connections to one endpoint, and holds them to what the first of them negotiated.</summary>
/// <remarks>
/// The version, the cipher suite and the group are limited by OpenSSL's configuration, which the owner of this process
/// writes: with a CipherSuitesPolicy SslStream resumes no session. Certificates are not verified.
/// </remarks>
internal sealed class TlsClient(IPEndPoint target, bool resumes)
{
    private readonly SslClientAuthenticationOptions _options = new()
    {
        TargetHost = TlsName,
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

    private volatile string? _negotiated;

    /// <summary>The name that clients ask for.</summary>
    internal const string TlsName = "bench.example";

    /// <summary>The version, cipher suite and group that all connections had; null before the first.</summary>
    internal string? Negotiated => _negotiated;

    /// <summary>Opens a connection. Where sessions are to be resumed, the first alone may have a full handshake.</summary>
    /// <exception cref="InvalidOperationException">The handshake failed, or was not of the kind that is measured.</exception>
    internal async Task<SslStream> OpenAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        HelloStream? bytes = null;
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(target).ConfigureAwait(false);
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
        bool isFirst = _negotiated is null;
        _negotiated ??= hello.Negotiated;
        if (hello.Negotiated != _negotiated)
        {
            throw new InvalidOperationException($"a connection negotiated {hello.Negotiated}, the first one {_negotiated}");
        }

        if (hello.IsResumed != (resumes && !isFirst))
        {
            throw new InvalidOperationException(hello.IsResumed ? "a connection resumed a session" : "a connection resumed no session");
        }
    }
}
