using System.Diagnostics.CodeAnalysis;
using ProxyCore.Settings;

namespace ProxyCore.Connections.Encrypting;

/// <summary>All endpoints and upstreams of a configuration that speak TLS. Immutable, any thread.</summary>
internal sealed class TlsSet
{
    private readonly Dictionary<ListenTlsSettings, ListenerTls> _listeners = [];
    private readonly Dictionary<UpstreamTlsSettings, UpstreamTls> _upstreams = [];
    private Dictionary<UpstreamTlsSettings, UpstreamTls> _found = [];

    private TlsSet? _before;

    private TlsSet()
    {
    }

    private TlsSet(TlsSet like)
    {
        _listeners = like._listeners;
        _upstreams = like._upstreams;
        _before = like._before;
    }

    /// <summary>Nothing speaks TLS.</summary>
    internal static TlsSet Empty { get; } = new();

    internal IEnumerable<ListenerTls> Listeners => _listeners.Values;

    /// <summary>Those that are configured, and servers that sources have found.</summary>
    internal IEnumerable<UpstreamTls> Upstreams => _upstreams.Values.Concat(_found.Values);

    internal bool IsEmpty => _listeners.Count + _upstreams.Count == 0;

    /// <summary>The endpoint with these settings, of this configuration or, for loops that have not changed yet, the one before.</summary>
    internal ListenerTls Find(ListenTlsSettings settings) => _listeners.GetValueOrDefault(settings) ?? _before!._listeners[settings];

    /// <summary>The same of an upstream; null for a server that a source had found before, and has left out since.</summary>
    internal UpstreamTls? Find(UpstreamTlsSettings settings) =>
        _upstreams.GetValueOrDefault(settings) ?? _found.GetValueOrDefault(settings) ?? _before?.Find(settings);

    /// <summary>The same with these servers that sources have found, as far as their upstreams are configured; false when it has just those.</summary>
    internal bool TryWith(IReadOnlyCollection<UpstreamTlsSettings> found, [NotNullWhen(true)] out TlsSet? set)
    {
        UpstreamTlsSettings[] wanted = [.. found.Where(one => _upstreams.ContainsKey(one.Template!))];
        set = wanted.Length == _found.Count && wanted.All(_found.ContainsKey)
            ? null
            : new TlsSet(this) { _found = wanted.ToDictionary(static one => one, one => _found.GetValueOrDefault(one) ?? new UpstreamTls(one)) };
        return set is not null;
    }

    /// <summary>What <paramref name="settings"/> need. What is configured as in <paramref name="before"/> is the same object.</summary>
    internal static TlsSet Of(ProxySettings settings, TlsSet before)
    {
        var set = new TlsSet { _before = before };
        before._before = null;
        foreach (ListenTlsSettings tls in settings.Routes.SelectMany(static route => route.Listen).Select(static listen => listen.Tls).OfType<ListenTlsSettings>())
        {
            set._listeners.TryAdd(tls, before._listeners.GetValueOrDefault(tls) ?? new ListenerTls(tls));
        }

        foreach (UpstreamTlsSettings tls in settings.Routes.SelectMany(static route => route.Pool.Upstreams).Select(static upstream => upstream.Tls).OfType<UpstreamTlsSettings>())
        {
            set._upstreams.TryAdd(tls, before._upstreams.GetValueOrDefault(tls) ?? new UpstreamTls(tls));
        }

        set._found = before._found.Where(one => set._upstreams.ContainsKey(one.Key.Template!)).ToDictionary();

        return set;
    }
}
