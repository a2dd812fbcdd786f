using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ProxyCore.Cli.Admin;

namespace ProxyCore.Cli.Top;

/// <summary>A client of the admin page of a running proxy.</summary>
internal sealed class AdminClient : IDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly ProxyEndpoint _endpoint;
    private readonly HttpClient _http;

    internal AdminClient(ProxyEndpoint endpoint, AdminToken? token)
    {
        _endpoint = endpoint;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = endpoint.Path is { } path ? (_, cancellationToken) => ConnectAsync(path, cancellationToken) : null,
        })
        {
            BaseAddress = new Uri(endpoint.Kind == ProxyEndpointKind.UnixSocket ? "http://localhost/" : $"http://{Authority(endpoint)}/"),
            Timeout = _timeout,
            MaxResponseContentBufferSize = MostBytes,
        };
        _http.DefaultRequestHeaders.Authorization = token?.ToHeader();
    }

    /// <exception cref="AdminClientException">There is no answer, or not the one that was asked for.</exception>
    internal async Task<SnapshotView> GetSnapshotAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync("api/snapshot", cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw Failure(Describe(response.StatusCode));
            }

            byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return JsonSerializer.Deserialize(content, AdminJson.Default.SnapshotView)
                ?? throw Failure("what answers there is no admin page of proxycore");
        }
        catch (HttpRequestException exception)
        {
            throw Failure(Describe(exception), exception);
        }
        catch (JsonException exception)
        {
            throw Failure("what answers there is no admin page of proxycore", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"no answer within {_timeout.TotalSeconds:0} s", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Authority(ProxyEndpoint endpoint) =>
        endpoint.Kind is ProxyEndpointKind.Loopback or ProxyEndpointKind.Any ? $"localhost:{endpoint.Port}" : endpoint.ToString();

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Describe(HttpRequestException exception) => exception switch
    {
        // .NET reports a path that does not exist so.
        { InnerException: SocketException { SocketErrorCode: SocketError.AddressNotAvailable } } => "there is no such address or socket",
        { InnerException: SocketException { Message: var cause } } => cause,
        _ => exception.Message,
    };

    private static string Describe(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "it asks for a token: --admin-token-file",
        HttpStatusCode.NotFound => "what answers there is no admin page of proxycore",
        _ => $"it answers {(int)status}",
    };

    private AdminClientException Failure(string cause, Exception? exception = null) =>
        new($"The admin page at {_endpoint} does not serve: {cause}", exception);
}
