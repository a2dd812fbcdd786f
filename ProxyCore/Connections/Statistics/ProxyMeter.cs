using System.Diagnostics.Metrics;
using ProxyCore.Connections.Counting;
using ProxyCore.Connections.Reporting;
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

    private readonly Meter _meter;

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
        Durations = new ConnectionDurations(_meter, _proxy);
    }

    /// <summary>The histograms of connections, which their loops record.</summary>
    internal ConnectionDurations Durations { get; }

    /// <summary>Makes the instruments that read the counters of <paramref name="group"/> and of its access log.</summary>
    internal void Observe(ShardGroup group, AccessLog accessLog, ConnectionEnds ends)
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
            "proxycore.access_log.dropped", () => Of(accessLog.Dropped), Connections, "How many connections are missing from the access log, because they could not be written.");
        _meter.CreateObservableCounter(
            "proxycore.access_log.left_out", () => Of(ends.LeftOut), Connections, "How many refused clients are missing from the access log, because it takes one a second for each reason.");
    }

    /// <summary>Makes the instrument that shows how long certificates are valid.</summary>
    /// <param name="certificates">Reads those that are in use; called on the threads of listeners.</param>
    internal void ObserveCertificates(Func<IReadOnlyList<CertificateStatus>> certificates) => _meter.CreateObservableGauge(
        "proxycore.tls.certificate.expiry",
        () => certificates().Select(one => Of(one.TimeLeft.TotalSeconds, KeyValuePair.Create("proxycore.tls.certificate.file", (object?)one.File))),
        "s",
        "How long a certificate is still valid; negative when it has expired.");

    public void Dispose() => _meter.Dispose();

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
        _meter.CreateObservableUpDownCounter(
            "proxycore.toxics",
            () => group.Routes.Routes.Values.Where(static route => route.Toxics.All.Count > 0).Select(route => Of((long)route.Toxics.All.Count, route.Settings.Name)),
            "{toxic}",
            "How many faults on purpose are at work; nothing for a route without.");
    }

    private void ObserveUpstreams(ShardGroup group)
    {
        _meter.CreateObservableGauge(
            "proxycore.upstream.up",
            () => UpstreamSums.ReadStates(group.Routes).Select(one => OfUpstream(one.IsUp ? 1 : 0, one.Route, one.Address)),

            // Not "1": exporters to Prometheus call that a ratio, in its name.
            "{upstream}",
            "Whether an upstream gets connections: 1 or 0.");
        _meter.CreateObservableGauge(
            "proxycore.upstream.taken_out",
            () => UpstreamSums.ReadStates(group.Routes).Select(one => OfUpstream(one.IsTakenOut ? 1 : 0, one.Route, one.Address)),
            "{upstream}",
            "Whether an operator, or a weight of 0, keeps an upstream from getting connections: 1 or 0.");
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
