using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Toxiproxy;

/// <summary>toxiproxy's API on Kestrel, and the proxies that its clients make.</summary>
internal sealed class ToxiproxyServer : IAsyncDisposable
{
    private const int MostConnections = 256;
    private const int MostBodyBytes = 1024 * 1024;

    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    private readonly ToxiproxySettings _settings;
    private readonly ILoggerFactory _loggerFactory;
    private readonly ILogger _logger;
    private readonly TrafficTotals? _traffic;
    private readonly ProxyRegistry _proxies;
    private readonly HttpConnections _connections = new(MostConnections, TimeProvider.System);
    private HttpServer? _server;

    /// <param name="settings">What the command line says.</param>
    /// <param name="loggerFactory">Where it and its proxies log.</param>
    internal ToxiproxyServer(ToxiproxySettings settings, ILoggerFactory loggerFactory)
    {
        _settings = settings;
        _loggerFactory = loggerFactory;
        _logger = loggerFactory.CreateLogger<ToxiproxyServer>();
        _traffic = settings.HasProxyMetrics ? new TrafficTotals() : null;
        _proxies = new ProxyRegistry(new ToxiproxyServices(loggerFactory, settings.Seed, _traffic));
    }

    /// <summary>Where the API listens, once it does.</summary>
    internal ProxyEndpoint Endpoint => _server!.Endpoint;

    /// <summary>Makes the proxies of the file, and serves.</summary>
    /// <exception cref="ListenException">The API can't listen there.</exception>
    internal async Task StartAsync()
    {
        if (_settings.ConfigFile is { } file)
        {
            await ProxyFile.LoadAsync(file, _proxies, _logger);
        }

        _server = await HttpServer.StartAsync(
            _settings.Api, _loggerFactory, Limit, endpoint => endpoint.Use(_connections.Limit), Build);
        _logger.ToxiproxyApi(_server.Url);
        if (!Endpoints.IsLocal(_settings.Api))
        {
            _logger.ToxiproxyIsOpen();
        }
    }

    /// <summary>Lets requests finish for a second; proxies cut their connections.</summary>
    internal async Task StopAsync(CancellationToken atOnce)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(atOnce);
        cut.CancelAfter(_stopTimeout);
        await _server!.StopAsync(cut.Token);
        await _proxies.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _proxies.DisposeAsync();
    }

    private static void Limit(KestrelServerOptions kestrel)
    {
        KestrelServerLimits limits = kestrel.Limits;

        // The bound is that of the connections; this one has room for those that are being closed.
        limits.MaxConcurrentConnections = 2 * MostConnections;
        limits.MaxRequestBodySize = MostBodyBytes;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
    }

    private void Build(WebApplication application)
    {
        var hosts = new HostCheck(_settings.Api);
        Metrics? metrics = _settings.HasProxyMetrics || _settings.HasRuntimeMetrics
            ? new Metrics(_traffic, _settings.HasRuntimeMetrics)
            : null;
        application.Use(_connections.Note);
        application.Use((context, next) => hosts.Allows(context.Request)
            ? next(context)
            : context.Response.SendError(new ApiException(
                StatusCodes.Status421MisdirectedRequest, "the API listens on this machine only: ask localhost for it")));
        application.Run(new ToxiproxyRouter(new ToxiproxyApi(_proxies), metrics).InvokeAsync);
    }
}
