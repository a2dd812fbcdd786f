using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ProxyCore.Cli.Toxiproxy;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Toxiproxy;

/// <summary>The server in this process, on a port of the system's choice, and a client of it.</summary>
internal sealed class RunningToxiproxy : IAsyncDisposable
{
    private readonly ToxiproxyServer _server;
    private readonly HttpClient _http;

    private RunningToxiproxy(ToxiproxyServer server, RecordedLog log)
    {
        _server = server;
        Log = log;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Endpoint.Port}/"), Timeout = Bound.Wait };
    }

    internal RecordedLog Log { get; }

    internal int Port => _server.Endpoint.Port;

    internal static async Task<RunningToxiproxy> Start(Func<ToxiproxySettings, ToxiproxySettings>? configure = null)
    {
        var log = new RecordedLog(LogLevel.Information);
        var settings = new ToxiproxySettings(ProxyEndpoint.Parse("127.0.0.1:0"));
        var server = new ToxiproxyServer(configure?.Invoke(settings) ?? settings, log);
        await server.StartAsync();
        return new RunningToxiproxy(server, log);
    }

    internal Task<Answer> Get(string path) => Send("GET", path);

    internal Task<Answer> Post(string path, string body) => Send("POST", path, body);

    internal Task<Answer> Patch(string path, string body) => Send("PATCH", path, body);

    internal Task<Answer> Delete(string path) => Send("DELETE", path);

    internal async Task<Answer> Send(string method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        (await SendWithId(method, path, body, headers)).WithoutId();

    internal async Task<Answer> SendWithId(
        string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        bool hasNoSniff = response.Headers.TryGetValues("X-Content-Type-Options", out _);
        var answer = new Answer(
            (int)response.StatusCode, ContentTypeOf(response), await response.Content.ReadAsStringAsync())
        {
            RequestId = response.Headers.TryGetValues("X-Toxiproxy-Request-Id", out IEnumerable<string>? ids) ? ids.Single() : null,
        };
        Assert.That(hasNoSniff, Is.EqualTo(answer.ContentType == Answer.Text), "X-Content-Type-Options");
        return answer;
    }

    /// <summary>Makes a proxy on a loopback port of the system's choice; returns where it listens.</summary>
    internal async Task<IPEndPoint> Create(string name, EndPoint upstream)
    {
        Answer made = await Post("/proxies", $$"""{"name":"{{name}}","listen":"127.0.0.1:0","upstream":"{{upstream}}"}""");
        Assert.That(made.Status, Is.EqualTo(201), made.Body);
        return ListenOf(made);
    }

    internal static IPEndPoint ListenOf(Answer proxy)
    {
        using JsonDocument json = JsonDocument.Parse(proxy.Body);
        return IPEndPoint.Parse(json.RootElement.GetProperty("listen").GetString()!);
    }

    /// <summary>As it was sent: the typed property would write it in its own way.</summary>
    private static string? ContentTypeOf(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values) ? values.ToString() : null;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Bound.Within("the server's stop", _server.StopAsync(CancellationToken.None));
        await _server.DisposeAsync();
    }
}
