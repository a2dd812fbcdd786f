using System.Net;
using ProxyCore.Connections.Encrypting;
using ProxyCore.Connections.Reporting;
using ProxyCore.Connections.Statistics;
using ProxyCore.Diagnostics;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Running;

/// <summary>
/// A proxy from the moment it is bound to its end: its shards, and what lives as long as they do, the access log and the
/// meter. Any thread.
/// </summary>
internal sealed class ProxyRuntime
{
    private readonly ProxyServices _services;
    private readonly AccessLog _accessLog;
    private readonly ConnectionEnds _ends;
    private readonly RefusalLog _refusals;
    private readonly ProxyMeter _meter;
    private readonly long _boundAt;

    private ProxyRuntime(ProxyServices services, ShardGroup shards, AccessLog accessLog, ConnectionEnds ends, RefusalLog refusals, ProxyMeter meter)
    {
        _services = services;
        _accessLog = accessLog;
        _ends = ends;
        _refusals = refusals;
        _meter = meter;
        _boundAt = services.TimeProvider.GetTimestamp();
        Shards = shards;
        Endpoints = shards.Endpoints;
    }

    internal ShardGroup Shards { get; }

    /// <summary>The addresses that it is bound to: since its bind, or the last change that is complete.</summary>
    internal IReadOnlyList<EndPoint> Endpoints { get; private set; }

    /// <summary>Since when it runs.</summary>
    internal TimeSpan Uptime => _services.TimeProvider.GetElapsedTime(_boundAt);

    /// <summary>What it has done so far.</summary>
    internal TcpProxyStatistics Statistics => Shards.Counters.Read().ToStatistics(_accessLog.Dropped, _ends.LeftOut);

    /// <summary>Binds every listener. What fails leaves nothing behind, but for the file of the access log.</summary>
    /// <exception cref="ListenException">A listener can't be bound.</exception>
    /// <exception cref="IOException">The access log can't be written to.</exception>
    internal static ProxyRuntime Bind(ProxySettings settings, ProxyServices services, out RouteSetChange start)
    {
        IAccessLogSink? sink = OpenSink(settings.AccessLog, services);
        var accessLog = new AccessLog(services.Logger, services.AccessLogCapacity);
        var meter = new ProxyMeter(services.MeterFactory, services.Name);
        var refusals = new RefusalLog(services.Logger, services.TimeProvider);
        ShardGroup? shards = null;
        try
        {
            var ends = new ConnectionEnds(accessLog, services.TimeProvider);
            shards = new ShardGroup(settings, services, new ConnectionEvents(ends, meter.Durations, refusals, services.Logger));
            start = shards.Bind(settings);

            // Last: it calls listeners of meters, and cannot be undone where the factory owns the meter.
            meter.Observe(shards, accessLog, ends);
            ProxyTls tls = shards.Tls;
            meter.ObserveCertificates(() => tls.Certificates);
            accessLog.Use(sink);
            return new ProxyRuntime(services, shards, accessLog, ends, refusals, meter);
        }
        catch
        {
            shards?.Release();
            meter.Dispose();
            refusals.Dispose();
            throw;
        }
    }

    /// <summary>Changes to <paramref name="settings"/>; completes when every loop has. One at a time.</summary>
    /// <exception cref="ListenException">A new endpoint can't be listened on; nothing has changed.</exception>
    /// <exception cref="IOException">A new access log can't be written to; nothing has changed.</exception>
    internal async Task ApplyAsync(ProxySettings settings)
    {
        IAccessLogSink? sink = OpenSink(settings.AccessLog, _services);
        await Shards.ApplyAsync(settings).ConfigureAwait(false);
        _accessLog.Use(sink);
        Endpoints = Shards.Endpoints;
    }

    /// <summary>Waits for the end of the shards, and ends the access log after them; fails when a loop did. Once.</summary>
    internal async Task CompleteAsync()
    {
        await Shards.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _refusals.Dispose();
        await _accessLog.CompleteAsync().ConfigureAwait(false);
        await Shards.Ended.ConfigureAwait(false);
    }

    /// <summary>From now on nobody reads its figures. After the end: until then the last ones may be exported.</summary>
    internal void CloseMeter() => _meter.Dispose();

    private static IAccessLogSink? OpenSink(AccessLogSettings? settings, ProxyServices services) => settings switch
    {
        null => null,
        { Path: { } path } => AccessLogFile.Create(path, settings.Format),
        _ => new AccessLogLogger(services.LoggerFactory.CreateLogger(LogCategories.AccessOf(services.Name))),
    };
}
