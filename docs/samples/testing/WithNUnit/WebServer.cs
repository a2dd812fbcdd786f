using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WithNUnit;

/// <summary>The service under test: it says hello, and counts the requests.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requests;

    private WebServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.MapGet("/", () =>
        {
            Interlocked.Increment(ref _requests);
            return Results.Text("hello");
        });
    }

    internal int Requests => _requests;

    internal string Address => new Uri(_application.Urls.First()).Authority;

    internal static async Task<WebServer> Start()
    {
        var server = new WebServer();
        server._application.Urls.Add("http://127.0.0.1:0");
        await server._application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
