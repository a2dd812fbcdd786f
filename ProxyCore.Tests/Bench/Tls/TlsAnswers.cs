using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyCore.Bench.Peers;
using ProxyCore.Tests.Cli;

namespace ProxyCore.Tests.Bench.Tls;

/// <summary>A TLS 1.3 server, which gives one answer to each request, and ends the connection where that asks for it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TlsAnswers : IDisposable
{
    private static readonly byte[] _answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly ConcurrentQueue<Task> _serving = [];

    internal TlsAnswers(bool resumes = true)
    {
        var files = TlsFiles.Write(_folder.FullName);
        using var pem = X509Certificate2.CreateFromPemFile(files.Certificate(KeyKind.P256), files.Key(KeyKind.P256));
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), null),
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = resumes,
        };
        _listener.Start();
        _ = AcceptAsync();
    }

    internal IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Completes when all clients that have come so far have left.</summary>
    internal Task AllHaveLeft => Task.WhenAll(_serving);

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _serving.Enqueue(ServeAsync(client));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new SslStream(new NetworkStream(client, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(_options);
            byte[] request = new byte[1024];
            for (bool isLast = false; !isLast;)
            {
                int count = await stream.ReadAsync(request);
                isLast = count == 0 || Encoding.ASCII.GetString(request, 0, count).Contains("Connection: close", StringComparison.Ordinal);
                await stream.WriteAsync(count == 0 ? [] : _answer);
            }

            await stream.ShutdownAsync();
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException or InvalidOperationException)
        {
            // The client has left.
        }
    }
}
