using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxyCore.Tests.Harness;

namespace ProxyCore.Tests.Telemetry;

/// <summary>An OpenTelemetry collector that keeps what it is sent: by gRPC over HTTP/2, or by HTTP/1.</summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<(string Path, string Body)> _received = [];
    private volatile int _status = StatusCodes.Status200OK;

    private FakeCollector(HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = protocols));
        _application = builder.Build();
        _application.Run(ReceiveAsync);
    }

    internal string Url => _application.Urls.Single();

    internal static async Task<FakeCollector> StartAsync(HttpProtocols protocols)
    {
        var collector = new FakeCollector(protocols);
        await collector._application.StartAsync();
        return collector;
    }

    /// <summary>What it answers from now on.</summary>
    internal void Answer(int status) => _status = status;

    /// <summary>Waits until something came to <paramref name="path"/> that contains <paramref name="text"/>; returns it.</summary>
    internal Task<string> Received(string path, string text) => Bound.Within($"{text} at {path}", async token =>
    {
        while (true)
        {
            foreach ((string at, string body) in _received)
            {
                if (at == path && body.Contains(text, StringComparison.Ordinal))
                {
                    return body;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), token);
        }
    });

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);

        // Names and texts stand in a protobuf message as they are.
        _received.Enqueue((context.Request.Path, System.Text.Encoding.Latin1.GetString(body.ToArray())));
        context.Response.StatusCode = _status;
        if (context.Request.Protocol == "HTTP/2")
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");

            // An empty message: everything was taken.
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
