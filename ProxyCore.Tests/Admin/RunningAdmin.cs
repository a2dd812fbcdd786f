using System.Net;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Admin;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Admin;

/// <summary>An admin server beside a proxy, and a client of it.</summary>
internal sealed class RunningAdmin : IAsyncDisposable
{
    internal const string Token = "a-token-of-this-test";

    private readonly AdminServer _server;

    private RunningAdmin(AdminServer server, RecordedLog log)
    {
        _server = server;
        Log = log;
        Http = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{server.Endpoint.Port}/"),
            Timeout = Bound.Wait,
        };
    }

    internal RecordedLog Log { get; }

    internal HttpClient Http { get; }

    internal IPEndPoint Endpoint => IPEndPoint.Parse(_server.Endpoint.ToString());

    /// <summary>One that knows a token.</summary>
    internal static Task<RunningAdmin> WithToken(Func<TcpProxy?> proxy, string listen = "127.0.0.1:0") => Start(proxy, Token, listen);

    /// <summary>One that knows none.</summary>
    internal static Task<RunningAdmin> WithoutToken(Func<TcpProxy?> proxy) => Start(proxy, null, "127.0.0.1:0");

    /// <summary>Sends a request; the token goes with it unless it is null.</summary>
    internal async Task<HttpResponseMessage> Send(
        HttpMethod method, string path, string? token = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request);
    }

    internal async Task<HttpStatusCode> Status(
        HttpMethod method, string path, string? token = null, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await Send(method, path, token, headers);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Bound.Within("the admin server's stop", _server.StopAsync(CancellationToken.None));
        await _server.DisposeAsync();
    }

    private static async Task<RunningAdmin> Start(Func<TcpProxy?> proxy, string? token, string listen)
    {
        var log = new RecordedLog(LogLevel.Information);
        var server = new AdminServer(
            new AdminSettings(ProxyEndpoint.Parse(listen), token is null ? null : AdminToken.Parse(token)), proxy, log);
        await server.StartAsync(CancellationToken.None);
        return new RunningAdmin(server, log);
    }
}
