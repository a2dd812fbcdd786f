using System.Net;
using System.Text;
using System.Text.Json;
using ProxyCore.Tests.Harness;
using ProxyCore.Tests.Upstreams;

namespace ProxyCore.Tests.Admin;

/// <summary>A proxy with the route "web" to an echo, and its admin page, which knows a token. Each test has its own.</summary>
internal abstract class AdminFixture
{
    protected EchoUpstream Upstream { get; private set; } = null!;

    protected RunningProxy Proxy { get; private set; } = null!;

    protected RunningAdmin Page { get; private set; } = null!;

    [SetUp]
    public async Task StartProxy()
    {
        Upstream = new EchoUpstream();
        Proxy = await RunningProxy.To(Upstream.Endpoint, static route => route.Name = "web", Configure);
        Page = await RunningAdmin.WithToken(() => Proxy.Proxy);
    }

    [TearDown]
    public async Task StopProxy()
    {
        await Page.DisposeAsync();
        await Proxy.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Changes the options before the proxy starts.</summary>
    protected virtual void Configure(TcpProxyOptions options)
    {
    }

    protected static string ErrorIn(JsonElement answer) => answer.GetProperty("error").GetString()!;

    /// <summary>Asks the API of the page, or of another one.</summary>
    /// <param name="method">What is to be done.</param>
    /// <param name="path">With what.</param>
    /// <param name="json">The body; null for none.</param>
    /// <param name="page">Whom to ask; null for the page of the fixture.</param>
    /// <param name="token">What is shown.</param>
    /// <param name="origin">The page that a browser would have loaded the request from; null for none.</param>
    /// <returns>The status, and the answer; undefined when it is empty.</returns>
    protected async Task<(HttpStatusCode Status, JsonElement Answer)> Ask(
        HttpMethod method, string path, string? json = null, RunningAdmin? page = null, string token = RunningAdmin.Token, string? origin = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await (page ?? Page).Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
