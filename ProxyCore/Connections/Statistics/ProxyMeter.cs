using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProxyCore.Diagnostics;
using ProxyCore.Upstreams;

namespace ProxyCore.Connections.Statistics;

/// <summary>
/// The metrics of a proxy for <c>System.Diagnostics.Metrics</c>, with names and units after the OpenTelemetry conventions.
/// Most of them read counters that exist anyway, on the thread of the listener.
/// </summary>
internal sealed class ProxyMeter : IDisposable
{
    /// <summary>The name of the meter.</summary>
    internal const string Name = "ProxyCore";

    private const string Connections = "{connection}";

    // From a refused connect to a session of a day; the SDK's own buckets are made for requests, and end at ten seconds.
    private static readonly InstrumentAdvice<double> _durations = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800, 3600, 21600, 86400],
    };

    private static readonly InstrumentAdvice<double> _connects = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _connectionDuration;
    private readonly Histogram<double> _connectDuration;

    // The tag of every measurement of a named proxy; empty without a name.
    private readonly KeyValuePair<string, object?>[] _proxy;

    /// <param name="factory">Makes the meter, and owns it; null makes one here.</param>
    /// <param name="proxy">The name of the proxy; null when it has none.</param>
    internal ProxyMeter(IMeterFactory? factory, string? proxy)
    {
        // No tag of the meter itself: exporters leave that out, or export one metric under the same name several times.
        _proxy = proxy is null ? [] : [KeyValuePair.Create(TagNames.Proxy, (object?)proxy)];
        string? version = typeof(ProxyMeter).Assembly.GetName().Version?.ToString(3);
        _meter = factory?.Create(Name, version) ?? new Meter(Name, version);
        _connectionDuration = _meter.CreateHistogram(
            "proxycore.connection.duration", "s", "How long connections were open.", tags: null, _durations);
        _connectDuration = _meter.CreateHistogram(
            "proxycore.connect.duration", "s", "From accept until the upstream was connected.", tags: null, _connects);
    }

    /// <summary>Records how long a client waited for its upstream. The loop's thread; nearly free without a listener.</summary>
    internal void NoteConnected(string route, TimeSpan age)
    {
        if (_connectDuration.Enabled)
        {
            Record(_connectDuration, age, new TagList { { TagNames.Route, route } });
        }
    }

    /// <summary>Records how long a connection was open. The loop's thread; nearly free without a listener.</summary>
    internal void NoteEnded(string route, EndReason reason, TimeSpan age)
    {
        if (_connectionDuration.Enabled)
        {
            var tags = new TagList { { TagNames.Route, route }, { TagNames.EndReason, EndReasons.NameOf(reason) } };
            Record(_connectionDuration, age, tags);
        }
    }

    /// <summary>Makes the instruments that read the counters of <paramref name="group"/> and of its access log.</summary>
    internal void Observe(ShardGroup group, AccessLog accessLog)
    {
        ObserveRoutes(group);
        ObserveUpstreams(group);
        ObserveLoops(group);
        _meter.CreateObservableGauge(
            "proxycore.max_connections", () => Of(group.MaxConnections), Connections, "How many connections may be open at a time.");
        _meter.CreateObservableUpDownCounter(
            "proxycore.pending_bytes", () => Of(group.PendingBytes), "By", "How much memory holds bytes that slow receivers have not taken.");
        _meter.CreateObservableGauge(
            "proxycore.max_pending_bytes", () => Of(group.MaxPendingBytes), "By", "How much of it there may be before directions buffer less.");
        _meter.CreateObservableCounter(
            "proxycore.access_log.dropped", () => Of(accessLog.Dropped), Connections, "How many connections are missing from the access log.");
    }

    public void Dispose() => _meter.Dispose();

    private void Record(Histogram<double> histogram, TimeSpan time, TagList tags)
    {
        foreach (KeyValuePair<string, object?> tag in _proxy)
        {
            tags.Add(tag);
        }

        try
        {
            histogram.Record(time.TotalSeconds, in tags);
        }
        catch (Exception)
        {
            // A listener is called here, on the loop's thread. What it throws must not end a connection.
        }
    }

    private void ObserveRoutes(ShardGroup group)
    {
        _meter.CreateObservableUpDownCounter(
            "proxycore.active_connections", () => OfRoutes(group, static sum => sum.Active), Connections, "How many connections are open.");
        _meter.CreateObservableCounter(
            "proxycore.accepted_connections", () => OfRoutes(group, static sum => sum.Accepted), Connections, "How many clients were accepted.");
        _meter.CreateObservableCounter(
            "proxycore.ended_connections", () => Ends(group, static _ => true), Connections, "How many connections have ended, by reason.");
        _meter.CreateObservableCounter(
            "proxycore.refused_connections", () => Ends(group, EndReasons.IsRefusal), Connections, "How many of them got no upstream to try.");
        _meter.CreateObservableCounter(
            "proxycore.io", () => Bytes(group), "By", "How many bytes were relayed.");
        _meter.CreateObservableUpDownCounter(
            "proxycore.queued_connections",
            () => UpstreamSums.ReadQueued(group.Routes).Select(one => Of(one.Queued, one.Route)),
            Connections,
            "How many clients wait for an upstream, all being at their maximum.");
    }

    private void ObserveUpstreams(ShardGroup group)
    {
        _meter.CreateObservableGauge(
            "proxycore.upstream.up",
            () => UpstreamSums.ReadStates(group.Routes).Select(one => OfUpstream(one.IsUp ? 1 : 0, one.Route, one.Address)),

            // Not "1": exporters to Prometheus call that a ratio, in its name.
            "{upstream}",
            "Whether an upstream gets connections: 1 or 0.");
        _meter.CreateObservableUpDownCounter(
            "proxycore.upstream.active_connections",
            () => OfUpstreams(group, static member => member.Upstream.Connections),
            Connections,
            "How many connections an upstream has.");
        _meter.CreateObservableCounter(
            "proxycore.upstream.connects", () => OfUpstreams(group, static member => member.Connected), "{connect}", "How often an upstream was connected to.");
        _meter.CreateObservableCounter(
            "proxycore.upstream.failed_connects", () => OfUpstreams(group, static member => member.Failed), "{connect}", "How often a connect to it failed.");
    }

    private void ObserveLoops(ShardGroup group)
    {
        _meter.CreateObservableCounter(
            "proxycore.loop.selects", () => OfLoops(group, static loop => loop.Statistics.Selects), "{select}", "How often a loop has called Select.");
        _meter.CreateObservableCounter(
            "proxycore.loop.busy_time", () => OfLoops(group, static loop => loop.Statistics.BusyTime.TotalSeconds), "s", "How long it has worked, other than waited in Select.");
        _meter.CreateObservableGauge(
            "proxycore.loop.longest_turn", () => OfLoops(group, static loop => loop.Statistics.Longest.TotalSeconds), "s", "The longest time between two Selects in the last 10 to 20 s.");
        _meter.CreateObservableUpDownCounter(
            "proxycore.loop.sockets",
            () => OfLoops(group, static loop => loop.Watching - loop.Parked, "watched").Concat(OfLoops(group, static loop => loop.Parked, "parked")),
            "{socket}",
            "How many sockets stand in Select's lists, and how many are parked.");
    }

    private IEnumerable<Measurement<long>> OfRoutes(ShardGroup group, Func<TrafficSum, long> figure) =>
        group.Counters.ReadRoutes().Select(route => Of(figure(route.Value), route.Key));

    private IEnumerable<Measurement<long>> Ends(ShardGroup group, Func<EndReason, bool> count) =>
        from route in @group.Counters.ReadRoutes()
        from reason in EndReasons.All
        where count(reason)
        select Of(route.Value.Ended[reason], route.Key, KeyValuePair.Create(TagNames.EndReason, (object?)EndReasons.NameOf(reason)));

    private IEnumerable<Measurement<long>> Bytes(ShardGroup group) =>
        OfRoutesTo(group, static sum => sum.BytesToUpstreams, "to_upstream")
            .Concat(OfRoutesTo(group, static sum => sum.BytesToClients, "to_client"));

    private IEnumerable<Measurement<long>> OfRoutesTo(ShardGroup group, Func<TrafficSum, long> figure, string direction) =>
        group.Counters.ReadRoutes().Select(route => Of(
            figure(route.Value), route.Key, KeyValuePair.Create("proxycore.direction", (object?)direction)));

    private IEnumerable<Measurement<long>> OfUpstreams(ShardGroup group, Func<PoolMember, long> figure) =>
        UpstreamSums.Read(group.Routes, figure).Select(one => OfUpstream(one.Value, one.Route, one.Address));

    private Measurement<T> OfUpstream<T>(T value, string route, string address)
        where T : struct =>
        Of(value, route, KeyValuePair.Create("proxycore.upstream", (object?)address));

    private IEnumerable<Measurement<T>> OfLoops<T>(ShardGroup group, Func<Loop.SelectLoop, T> figure, string? state = null)
        where T : struct =>
        group.Shards.Select(shard => state is null
            ? Of(figure(shard.Loop), KeyValuePair.Create("proxycore.loop", (object?)shard.Number))
            : Of(
                figure(shard.Loop),
                KeyValuePair.Create("proxycore.loop", (object?)shard.Number),
                KeyValuePair.Create("proxycore.socket.state", (object?)state)));

    private Measurement<T> Of<T>(T value, string route, params KeyValuePair<string, object?>[] tags)
        where T : struct =>
        Of(value, [KeyValuePair.Create(TagNames.Route, (object?)route), .. tags]);

    private Measurement<T> Of<T>(T value, params KeyValuePair<string, object?>[] tags)
        where T : struct =>
        new(value, [.. tags, .. _proxy]);
}
