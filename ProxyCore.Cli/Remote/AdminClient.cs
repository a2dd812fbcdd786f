using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ProxyCore.Cli.Admin;
using ProxyCore.Diagnostics;

namespace ProxyCore.Cli.Remote;

/// <summary>A client of the admin page of a running proxy.</summary>
internal sealed class AdminClient : IDisposable
{
    private const int MostBytes = 16 * 1024 * 1024;
    private const string NoAdminPage = "what answers there is no admin page of proxycore";
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly ProxyEndpoint _endpoint;
    private readonly bool _hasToken;
    private readonly HttpClient _http;

    internal AdminClient(ProxyEndpoint endpoint, AdminToken? token)
    {
        _endpoint = endpoint;
        _hasToken = token is not null;
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
    internal Task<SnapshotView> GetSnapshotAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, "api/snapshot", body: null, AdminJson.Default.SnapshotView, cancellationToken);

    /// <summary>Changes an upstream; returns it as it is then.</summary>
    /// <param name="change">The body of the request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="AdminClientException">There is no answer, or the change is refused.</exception>
    internal Task<UpstreamsView> ChangeUpstreamAsync(JsonObject change, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Patch, UpstreamApi.Path.TrimStart('/'), change, AdminJson.Default.UpstreamsView, cancellationToken);

    /// <summary>Denies clients; returns what is denied by that.</summary>
    /// <param name="request">The body of the request.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="AdminClientException">There is no answer, or the request is refused.</exception>
    internal Task<DeniedView> DenyAsync(JsonObject request, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, DenyApi.Path.TrimStart('/'), request, AdminJson.Default.DeniedView, cancellationToken);

    /// <summary>Denies clients no more; returns what else denies them.</summary>
    /// <exception cref="AdminClientException">There is no answer, or they are not denied.</exception>
    internal Task<DeniedView> RemoveDenyAsync(string address, CancellationToken cancellationToken) => AskAsync(
        HttpMethod.Delete, $"{DenyApi.Path.TrimStart('/')}?{DenyRequestReader.Address}={Uri.EscapeDataString(address)}", body: null, AdminJson.Default.DeniedView, cancellationToken);

    /// <summary>What is denied.</summary>
    /// <exception cref="AdminClientException">There is no answer.</exception>
    internal Task<DeniedView> GetDeniedAsync(CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, DenyApi.Path.TrimStart('/'), body: null, AdminJson.Default.DeniedView, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(
        HttpMethod method, string path, JsonObject? body, JsonTypeInfo<T> answer, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            byte[] content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? JsonSerializer.Deserialize(content, answer) ?? throw DoesNotServe(NoAdminPage)
                : throw Refusal(response.StatusCode, content);
        }
        catch (HttpRequestException exception)
        {
            throw DoesNotServe(Describe(exception), exception);
        }
        catch (JsonException exception)
        {
            throw DoesNotServe(NoAdminPage, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw DoesNotServe($"no answer within {_timeout.TotalSeconds:0} s", exception);
        }
    }

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

    private AdminClientException Refusal(HttpStatusCode status, byte[] content)
    {
        if (status == HttpStatusCode.Unauthorized)
        {
            return DoesNotServe(_hasToken ? "it does not take the token: it was started with another" : "it asks for a token: --admin-token-file");
        }

        return ErrorIn(content) is { } error
            ? new AdminClientException($"The admin page at {_endpoint} answers: {Printable.Shorten(error)}")
            : DoesNotServe(status == HttpStatusCode.NotFound ? NoAdminPage : $"it answers {(int)status}");
    }

    /// <summary>The error that an admin page answers with; null when it is another server's answer.</summary>
    private static string? ErrorIn(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, AdminJson.Default.ErrorView)?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private AdminClientException DoesNotServe(string cause, Exception? exception = null) =>
        new($"The admin page at {_endpoint} does not serve: {cause}", exception);
}
