using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ProxyCore.Cli.Admin;

/// <summary>
/// The admin page: Kestrel beside the loops, which it asks for snapshots and nothing else. It starts before the proxy and
/// stops after it, so that it reports the start and the drain.
/// </summary>
/// <param name="settings">Where it listens, and the token that requests need.</param>
/// <param name="proxy">The proxy, once it has been started. Any thread.</param>
/// <param name="loggerFactory">Where it logs.</param>
internal sealed class AdminServer(AdminSettings settings, Func<TcpProxy?> proxy, ILoggerFactory loggerFactory)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    private const int MostConnections = 64;

    private readonly HttpConnections _connections = new(MostConnections, TimeProvider.System);
    private readonly ToxicSwitches _toxics = new(proxy);
    private readonly ILogger _logger = loggerFactory.CreateLogger<AdminServer>();
    private HttpServer? _server;
    private TrafficHistory? _history;
    private ConnectionApi? _connectionApi;
    private PrometheusMetrics? _metrics;

    /// <summary>Where it listens, once it does.</summary>
    internal ProxyEndpoint Endpoint => _server!.Endpoint;

    /// <exception cref="ListenException">It can't listen there.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics = new PrometheusMetrics();
        _history = new TrafficHistory(proxy, TimeProvider.System);
        _server = await HttpServer.StartAsync(
            settings.Endpoint, loggerFactory, Limit, endpoint => endpoint.Use(_connections.Limit), Build);
        _logger.AdminPage(_server.Url);
    }

    /// <summary>Cuts what is open after a second: pages keep their connections open.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            using var atOnce = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            atOnce.CancelAfter(_stopTimeout);
            await _server.StopAsync(atOnce.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _history?.Dispose();
        _connectionApi?.Dispose();
        _metrics?.Dispose();
        _toxics.Dispose();
    }

    /// <summary>Limits for a page that requests some kilobytes once a second.</summary>
    private static void Limit(KestrelServerOptions kestrel)
    {
        KestrelServerLimits limits = kestrel.Limits;

        // The bound is that of HttpConnections; this one has room for those that are being closed.
        limits.MaxConcurrentConnections = 2 * MostConnections;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 2 * 1024;
        limits.MaxRequestBufferSize = 32 * 1024;
        limits.MaxResponseBufferSize = 64 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(15);

        // Kestrel allows time for every byte that the kernel has buffered, which may be megabytes: at the default of 240
        // bytes a second a client that reads nothing would keep its connection for hours.
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 64 * 1024, gracePeriod: TimeSpan.FromSeconds(5));
    }

    private static async Task DescribeErrors(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { HasStarted: false, ContentLength: null, StatusCode: >= 400 and var status })
        {
            await context.Error(status, status == StatusCodes.Status405MethodNotAllowed ? "wrong method" : "there is nothing here");
        }
    }

    private void Build(WebApplication application)
    {
        var guard = new AdminGuard(settings);
        var snapshot = new SharedSnapshot(
            cancellationToken => proxy()!.GetSnapshotAsync(cancellationToken: cancellationToken),
            canEnd: settings.Token is not null,
            _toxics.Of,
            TimeProvider.System,
            _logger);
        application.Use(_connections.Note);
        application.Use(AdminPage.Secure);
        application.Use(guard.InvokeAsync);
        application.Use(DescribeErrors);
        AdminPage.Map(application);
        _metrics!.Map(application);
        new HealthApi(proxy).Map(application);
        new SnapshotApi(proxy, snapshot, _history!).Map(application);
        _connectionApi = new ConnectionApi(proxy, guard, snapshot, _logger);
        _connectionApi.Map(application);
        new ToxicApi(_toxics, guard, snapshot, _logger).Map(application);
        new UpstreamApi(proxy, guard, snapshot, _logger).Map(application);
        new DenyApi(proxy, guard, snapshot, _logger).Map(application);
    }
}
